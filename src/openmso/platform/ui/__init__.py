"""UI: the design system: tokens, components, tables, charts, exports, and the shell around every page.

Owns: everything a page is made of, and the registries of menus, palette and panels.
Does not own: any page of an app.
"""
