"""All that the flows ask of SAP, composed of one module per capability."""

from __future__ import annotations

import httpx

from b1bridge.connectors.sap_b1.amending import SapAmending
from b1bridge.connectors.sap_b1.batches import SapBatches
from b1bridge.connectors.sap_b1.business_partners import SapBusinessPartners
from b1bridge.connectors.sap_b1.client.service_layer import ServiceLayer
from b1bridge.connectors.sap_b1.contacts import SapContacts
from b1bridge.connectors.sap_b1.deliveries import SapDeliveries
from b1bridge.connectors.sap_b1.directory import SapDirectory
from b1bridge.connectors.sap_b1.invoice_history import SapInvoiceHistory
from b1bridge.connectors.sap_b1.item_profiles import SapItemProfiles
from b1bridge.connectors.sap_b1.items import SapItems
from b1bridge.connectors.sap_b1.kits import SapKits
from b1bridge.connectors.sap_b1.ledger import SapLedger
from b1bridge.connectors.sap_b1.order_changes import SapOrderChanges
from b1bridge.connectors.sap_b1.partner_profiles import SapPartnerProfiles
from b1bridge.connectors.sap_b1.payments import SapPayments
from b1bridge.connectors.sap_b1.periods import SapPeriods
from b1bridge.connectors.sap_b1.prices import SapPrices
from b1bridge.connectors.sap_b1.settings import Settings
from b1bridge.connectors.sap_b1.shipments import SapShipments
from b1bridge.connectors.sap_b1.stock import SapStock
from b1bridge.connectors.sap_b1.tables import SapTables
from b1bridge.connectors.sap_b1.tax_codes import SapTaxCodes
from b1bridge.connectors.sap_b1.units import SapUnits


class SapBooks(
    SapBusinessPartners,
    SapItems,
    SapKits,
    SapUnits,
    SapBatches,
    SapPartnerProfiles,
    SapItemProfiles,
    SapInvoiceHistory,
    SapOrderChanges,
    SapTaxCodes,
    SapPeriods,
    SapAmending,
    SapPayments,
    SapDeliveries,
    SapStock,
    SapLedger,
    SapTables,
    SapDirectory,
    SapContacts,
    SapPrices,
    SapShipments,
):
    """The Books capability of one company."""

    def __init__(self, connection: str, settings: Settings, http: httpx.AsyncClient) -> None:
        super().__init__(ServiceLayer(http, settings), settings, connection)
        self.connection = connection
        self.longest_write = settings.document_timeout

    async def aclose(self) -> None:
        """Log out of SAP; the next call would log in again."""
        await self._service.close()
