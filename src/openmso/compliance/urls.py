"""The addresses of compliance."""

from __future__ import annotations

from django.urls import path

from openmso.compliance.views import clearance, desk, entering, exclusions, pages, runs

app_name = "compliance"
urlpatterns = [
    path("arrangements/", pages.arrangements, name="arrangements"),
    path("arrangements/new/", desk.new, name="new"),
    path("arrangements/enter/", entering.enter, name="enter"),
    path("arrangements/template/", entering.template, name="template"),
    path("arrangements/<str:arrangement>/", pages.arrangement, name="arrangement"),
    path("arrangements/<str:arrangement>/terms/new/", desk.write_term, name="write-term"),
    path("arrangements/<str:arrangement>/terms/<int:number>/sign/", desk.sign, name="sign"),
    path("arrangements/<str:arrangement>/terms/<int:number>/activate/", desk.activate, name="activate"),
    path("arrangements/<str:arrangement>/opinions/new/", desk.file_opinion, name="file-opinion"),
    path("arrangements/<str:arrangement>/family/new/", desk.name_relative, name="name-relative"),
    path("arrangements/<str:arrangement>/checklists/<str:element>/", desk.answer, name="answer"),
    path("arrangements/<str:arrangement>/end/", desk.end, name="end"),
    path("exclusions/", exclusions.listed, name="exclusions"),
    path("exclusions/load/", exclusions.load, name="load-exclusions"),
    path("exclusions/<str:match>/", exclusions.judge, name="exclusion"),
    path("payment-checks/", runs.runs, name="runs"),
    path("payment-checks/new/", runs.check, name="check"),
    path("payment-checks/clearance/", clearance.clearance, name="clearance"),
    path("payment-checks/<str:run>/", runs.run, name="run"),
    path("payment-checks/<str:run>/payable/", runs.payable, name="payable"),
    path("payments-checked/<str:line>/", runs.line, name="line"),
    path("payments-checked/<str:line>/settle/", runs.settle, name="settle"),
]
