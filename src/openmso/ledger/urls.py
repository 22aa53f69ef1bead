"""The addresses of the ledger."""

from __future__ import annotations

from django.urls import path

from openmso.ledger.views import acts, books, journal, statements

app_name = "ledger"
urlpatterns = [
    path("ledger/", books.index, name="books"),
    path("ledger/entries/<slug:entry>/", journal.entry_of, name="entry-of"),
    path("ledger/<slug:book>/", statements.trial, name="book"),
    path("ledger/<slug:book>/income/", statements.income, name="income"),
    path("ledger/<slug:book>/position/", statements.position, name="position"),
    path("ledger/<slug:book>/accounts/<str:code>/", journal.account, name="account"),
    path("ledger/<slug:book>/accounts/<str:code>/peek/", journal.peek, name="peek"),
    path("ledger/<slug:book>/entries/", journal.entries, name="entries"),
    path("ledger/<slug:book>/entries/new/", acts.new_entry, name="new-entry"),
    path("ledger/<slug:book>/entries/<slug:entry>/", journal.entry, name="entry"),
    path("ledger/<slug:book>/entries/<slug:entry>/reverse/", acts.reverse_entry, name="reverse"),
    path("ledger/<slug:book>/periods/", books.periods, name="periods"),
    path("ledger/<slug:book>/periods/open/", acts.open_period, name="open-period"),
    path("ledger/<slug:book>/periods/<str:month>/close/", acts.close_period, name="close-period"),
    path("ledger/<slug:book>/periods/<str:month>/reopen/", acts.reopen_period, name="reopen-period"),
    path("ledger/<slug:book>/periods/<str:month>/lock/", acts.lock_period, name="lock-period"),
    path("ledger/<slug:book>/years/<int:year>/close/", acts.close_year, name="close-year"),
]
