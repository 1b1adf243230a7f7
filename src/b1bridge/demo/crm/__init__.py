"""A CRM's demo: sales sees what finance knows, and won deals become sales orders, once each."""
