"""The addresses of billing."""

from __future__ import annotations

from django.urls import path

from openmso.billing.views import accounts, deposits, online, payments, plans, returns, statements

app_name = "billing"
urlpatterns = [
    path("", accounts.index, name="accounts"),
    path("payments/", payments.index, name="payments"),
    path("payments/apply/", payments.apply_many, name="apply-many"),
    path("payments/<slug:receipt>/", payments.payment, name="payment"),
    path("payments/<slug:receipt>/apply/", payments.apply, name="apply"),
    path("payments/<slug:receipt>/withdraw/", payments.withdraw, name="withdraw"),
    path("payments/<slug:receipt>/reverse/", payments.reverse_payment, name="reverse"),
    path("payments/<slug:receipt>/refund/", returns.ask_refund, name="ask-refund"),
    path("plans/", plans.index, name="plans"),
    path("plans/<slug:payment_plan>/", plans.plan, name="plan"),
    path("plans/<slug:payment_plan>/approve/", plans.approve, name="approve-plan"),
    path("plans/<slug:payment_plan>/refuse/", plans.refuse, name="refuse-plan"),
    path("plans/<slug:payment_plan>/end/", plans.end, name="end-plan"),
    path("deposits/", deposits.index, name="slips"),
    path("deposits/new/", deposits.prepare, name="prepare-slips"),
    path("deposits/<slug:slip>/", deposits.slip, name="slip"),
    path("deposits/<slug:slip>/match/", deposits.match, name="match-slip"),
    path("deposits/<slug:slip>/unmatch/", deposits.unmatch, name="unmatch-slip"),
    path("deposits/<slug:slip>/take-apart/", deposits.take_apart, name="tear-slip"),
    path("online/", online.index, name="online"),
    path("cards/<slug:card>/end/", online.end_card, name="end-card"),
    path("refunds/<slug:refund>/give-back/", online.give_back, name="give-back-online"),
    path("refunds/", returns.index, name="refunds"),
    path("refunds/<slug:refund>/", returns.refund, name="refund"),
    path("refunds/<slug:refund>/pay/", returns.pay_refund, name="pay-refund"),
    path("refunds/<slug:refund>/refuse/", returns.refuse_refund, name="refuse-refund"),
    path("overpayments/", returns.overpayments, name="overpayments"),
    path("overpayments/<slug:overpayment>/", returns.overpayment, name="overpayment"),
    path("overpayments/<slug:overpayment>/investigate/", returns.investigate, name="investigate"),
    path("overpayments/<slug:overpayment>/conclude/", returns.conclude, name="conclude"),
    path("overpayments/<slug:overpayment>/return/", returns.give_back, name="give-back"),
    path("statements/", statements.index, name="runs"),
    path("statements/new/", statements.new_run, name="new-run"),
    path("statements/runs/<slug:statement_run>/", statements.run, name="run"),
    path("statements/<slug:patient_statement>/", statements.statement, name="statement"),
    path("policies/", statements.policies_page, name="policies"),
    path("policies/<slug:practice>/", statements.policy, name="policy"),
    path("claims/<slug:claim>/", accounts.of_claim, name="of-claim"),
    path("patients/<slug:patient>/", accounts.account, name="account"),
    path("patients/<slug:patient>/pay/", payments.take, name="take"),
    path("patients/<slug:patient>/plan/", plans.make, name="make-plan"),
    path("patients/<slug:patient>/hold/", statements.hold, name="hold"),
    path("patients/<slug:patient>/texts/", online.texts, name="texts"),
    path("patients/<slug:patient>/release/", statements.release, name="release"),
]
