"""The routes of treasury."""

from django.urls import path

from openmso.treasury.views import accounts, files, runs

app_name = "treasury"
urlpatterns = [
    path("", runs.runs, name="runs"),
    path("new/", runs.propose, name="propose"),
    path("runs/<str:payment_run>/", runs.run, name="run"),
    path("runs/<str:payment_run>/approve/", runs.approve, name="approve"),
    path("runs/<str:payment_run>/post/", runs.post, name="post"),
    path("runs/<str:payment_run>/withdraw/", runs.withdraw, name="withdraw"),
    path("runs/<str:payment_run>/reverse/", runs.reverse_run, name="reverse"),
    path("runs/<str:payment_run>/figures/<slug:figure>/", runs.behind, name="behind"),
    path("loans/", runs.loans, name="loans"),
    path("loans/<str:deficit_loan>/", runs.loan, name="loan"),
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts/<str:deposit_account>/instruct/", accounts.instruct, name="instruct"),
    path("instructions/<str:instruction>/revoke/", accounts.revoke, name="revoke"),
    path("files/", files.files, name="files"),
    path("files/new/", files.prepare, name="prepare"),
    path("files/returns/", files.returns, name="returns"),
    path("files/payments/<str:run_payment>/authorize/", files.authorize, name="authorize"),
    path("files/corrections/<str:correction>/take-over/", files.take_over, name="take-over"),
    path("files/corrections/<str:correction>/leave/", files.leave, name="leave"),
    path("files/<str:bank_file>/", files.file, name="file"),
    path("files/<str:bank_file>/approve/", files.approve, name="approve-file"),
    path("files/<str:bank_file>/take/", files.take, name="take"),
    path("files/<str:bank_file>/cancel/", files.cancel, name="cancel"),
]
