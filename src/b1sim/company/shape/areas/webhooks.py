"""Webhooks: who subscribed to which events, and what became of each event.

The names of the sets, of a subscription's properties and of KeyData and DeliveryDetails are SAP's
(sap-service-layer.md 6); no metadata of them is public, so the types, the names of the types and
the other properties of a notification are guesses, and enums are plain texts.
"""

from b1sim.company.shape.area import Area, Shelf

WEBHOOKS = Area(
    tables={
        "EventSubscriptions": "SIM_WEBHOOKS",
        "EventNotifications": "SIM_NOTIFICATIONS",
    },
    shelves={
        "EventSubscriptions": {
            "EventCollection": Shelf("SIM_WEBHOOK_EVENTS", "Number", (("WebhookID", "WebhookID"),)),
        },
    },
    actions={"EventSubscriptions": ("Handshake", "Pause", "Resume", "Replay")},
    columns={
        # Guess: credentials are written and never shown, so they have no column of their own.
        "EventSubscription": (
            "WebhookID WebhookURL AuthenticationType VerifyCertificate Handshake State WorkMode"
        ),
        "EventSubscriptionItem": "BusinessObject TransactionType BizObjProps FilterExpr",
        "EventNotification": (
            "EventID WebhookID BusinessObject TransactionType KeyData Status RetryTimes"
            " DeliveryDetails"
        ),
    },
    read_only={"EventSubscription": "State WorkMode"},
    hidden={
        "EventSubscription": {"Secret": "TEXT"},
        "EventSubscriptionItem": {"Number": "INTEGER"},
        "EventNotification": {"Number": "INTEGER", "Event": "TEXT", "MadeAt": "TEXT"},
    },
    own_sets={
        "EventSubscriptions": {
            "type": "EventSubscription",
            "key": ["WebhookID"],
            "etag": False,
            "actions": ["Handshake", "Pause", "Resume", "Replay"],
            "deletable": True,
        },
        "EventNotifications": {
            "type": "EventNotification",
            "key": ["EventID", "WebhookID"],
            "etag": False,
            "actions": [],
            "deletable": False,
        },
    },
    own_types={
        "EventSubscription": {
            "WebhookID": "Edm.String",
            "WebhookURL": "Edm.String",
            "AuthenticationType": "Edm.String",
            "AuthenticationCred": "Edm.String",
            "VerifyCertificate": "BoYesNoEnum",
            "Handshake": "BoYesNoEnum",
            "State": "Edm.String",
            "WorkMode": "Edm.String",
            "EventCollection": "Collection(EventSubscriptionItem)",
        },
        "EventSubscriptionItem": {
            "BusinessObject": "Edm.String",
            "TransactionType": "Edm.String",
            "BizObjProps": "Edm.String",
            "FilterExpr": "Edm.String",
        },
        "EventNotification": {
            "EventID": "Edm.String",
            "WebhookID": "Edm.String",
            "BusinessObject": "Edm.String",
            "TransactionType": "Edm.String",
            "KeyData": "Edm.String",
            "Status": "Edm.String",
            "RetryTimes": "Edm.Int32",
            "DeliveryDetails": "Edm.String",
        },
    },
    support="""
CREATE INDEX SIM_NOTIFICATIONS_OPEN ON SIM_NOTIFICATIONS (WebhookID, Number)
    WHERE Status = 'Pending';
""",
)
