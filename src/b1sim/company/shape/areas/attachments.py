"""Attachments: an entry with a line for each file (sap-service-layer.md 5.4)."""

from b1sim.company.shape.area import Area, Shelf

ATTACHMENTS = Area(
    tables={"Attachments2": "OATC"},
    shelves={
        "Attachments2": {
            "Attachments2_Lines": Shelf("ATC1", "LineNum", (("AbsEntry", "AbsEntry"),)),
        },
    },
    columns={
        "Attachments2": "AbsoluteEntry:AbsEntry",
        "Attachments2_Line": """AbsoluteEntry:AbsEntry LineNum:Line SourcePath:srcPath FileName
            FileExtension:FileExt AttachmentDate:Date Override FreeText TargetPath:trgtPath""",
    },
    read_only={
        "Attachments2": "AbsoluteEntry",
        "Attachments2_Line": "AbsoluteEntry TargetPath",
    },
    support="""
CREATE TABLE SIM_FILES (Entry INTEGER, Line INTEGER, Content BLOB, PRIMARY KEY (Entry, Line));
CREATE TABLE SIM_IMAGES (ItemCode TEXT PRIMARY KEY, Content BLOB);
""",
)
