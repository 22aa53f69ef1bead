"""The addresses of sign-in (named as the library names them), of one's own settings, and of people and access."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa import urls as mfa
from django.urls import include, path, re_path

from openmso.platform.accounts.views import describe, own, people, signin

sign_in = [
    path("login/", signin.sign_in, name="account_login"),
    path("demo/", signin.demo, name="demo_sign_in"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("signup/", account.signup, name="account_signup"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/reset/key/done/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("2fa/", include(mfa)),
]

app_name = "accounts"
urlpatterns = [
    path("settings/sessions/", own.sessions, name="sessions"),
    path("settings/sessions/<slug:session>/end/", own.end_session, name="end-session"),
    path("settings/sessions/end/", own.end_sessions, name="end-sessions"),
    path("settings/tokens/", own.tokens, name="tokens"),
    path("settings/tokens/new/", own.new_token, name="new-token"),
    path("settings/tokens/<str:token>/revoke/", own.revoke_token, name="revoke-token"),
    path("people/", people.index, name="people"),
    path("people/new/", people.invite, name="invite"),
    path("people/<str:account>/", people.person, name="person"),
    path("people/<str:account>/why/", people.why, name="why"),
    path("people/<str:account>/invitation/", people.invite_again, name="invite-again"),
    path("people/<str:account>/disable/", people.disable, name="disable"),
    path("people/<str:account>/enable/", people.enable, name="enable"),
    path("people/<str:account>/sessions/end/", people.end_sessions, name="end-their-sessions"),
    path("people/<str:account>/assignments/new/", people.assign, name="assign"),
    path("people/<str:account>/assignments/<str:assignment>/end/", people.end_assignment, name="end-assignment"),
    path(
        "people/<str:account>/assignments/<str:assignment>/approve/",
        people.approve_assignment,
        name="approve-assignment",
    ),
    path("api/openapi.json", describe.openapi, name="openapi"),
    path("api/docs/", describe.docs, name="api-docs"),
]
