"""Filters that every template has: cells are rendered by filters, furniture by components."""

from __future__ import annotations

from django import template

register = template.Library()
