"""Semantic views as data sets: `sml.svc` of HANA and `view.svc` of SQL Server (4.4)."""
