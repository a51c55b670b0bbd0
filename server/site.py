"""All routers of the pages, in the order in which they are asked."""

from __future__ import annotations

from server import around, catalog, claimcard, compare, explore, linked, pages, stored, views

routers = (
    linked.router,
    views.router,
    pages.router,
    stored.router,
    explore.router,
    around.router,
    claimcard.router,
    compare.router,
    catalog.router,
)
