"""What must outlive the process: connections, notices, runs, links, cases, the audit trail."""
