"""What is refused about files (sap-service-layer.md 3.2, 5.4)."""

from http import HTTPStatus

from b1sim.company.refusals import Refusal, refused

NOT_REMOVABLE = 220


def no_folder() -> Refusal:
    """Refuse files while the company has no folder for them; the wording was met live."""
    return refused(
        -5002,
        "Attachments folder not defined, or Attachments folder has been changed or removed  "
        "[Message 131-102]",
    )


def no_file_name() -> Refusal:
    """Refuse a line that names no file (guess: text)."""
    return refused(-5002, "Enter the file name  [ATC1.FileName]")


def not_removable() -> Refusal:
    """Refuse to delete an entry, which SAP lists and never does; met live (guess: no source)."""
    return refused(NOT_REMOVABLE, "Attachments2 is not allowed to remove.")


def unknown_file() -> Refusal:
    """Answer a file that the entry does not name or the folder does not hold."""
    text = "No matching records found (ODBC -2028)"
    return Refusal(HTTPStatus.NOT_FOUND, -2028, text)
