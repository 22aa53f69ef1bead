// The behaviours of every page. Each is one file, listens on the document, and survives htmx swaps.
import "./busy.js";
import "./focus.js";
import "./local-time.js";
import "./ids.js";
import "./popovers.js";
import "./dialogs.js";
import "./toasts.js";
import "./hotkeys.js";
import "./palette.js";
import "./list-nav.js";
import "./selection.js";
import "./table.js";
import "./drawer.js";
import "./copy.js";
import "./display.js";
import "./autosave.js";
import "./drop.js";
