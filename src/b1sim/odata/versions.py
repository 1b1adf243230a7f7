"""What the two protocol versions spell differently (sap-service-layer.md 1.1)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Version:
    """One spelling of OData: keys, suffixes and headers."""

    number: int
    root: str
    context: str
    etag: str
    next_link: str
    count: str
    null: str
    id: str
    element: str
    content_type: str
    header: tuple[str, str]


V1 = Version(
    number=1,
    root="/b1s/v1",
    context="odata.metadata",
    etag="odata.etag",
    next_link="odata.nextLink",
    count="odata.count",
    null="odata.null",
    id="odata.id",
    element="/@Element",
    content_type="application/json;odata=minimalmetadata;charset=utf-8",
    header=("DataServiceVersion", "3.0"),
)

V2 = Version(
    number=2,
    root="/b1s/v2",
    context="@odata.context",
    etag="@odata.etag",
    next_link="@odata.nextLink",
    count="@odata.count",
    null="@odata.null",
    id="@odata.id",
    element="/$entity",
    content_type="application/json;odata.metadata=minimal;charset=utf-8",
    header=("OData-Version", "4.0"),
)

VERSIONS = {"v1": V1, "v2": V2}
