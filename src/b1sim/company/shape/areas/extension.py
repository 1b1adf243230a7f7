"""What a company adds of its own: queries, fields, tables, keys."""

from b1sim.company.shape.area import Area, Shelf

EXTENSION = Area(
    tables={
        "SQLQueries": "OSQL",
        "UserTablesMD": "OUTB",
        "UserFieldsMD": "CUFD",
        "UserKeysMD": "OUKD",
    },
    shelves={
        "UserFieldsMD": {
            "ValidValuesMD": Shelf(
                "UFD1", "IndexID", (("TableID", "TableID"), ("FieldID", "FieldID"))
            ),
        },
        "UserKeysMD": {
            "UserKeysMD_Elements": Shelf(
                "UKD1", "SubKeyIndex", (("TableName", "TableName"), ("KeyId", "KeyId"))
            ),
        },
    },
    columns={
        "SQLQuery": "SqlCode SqlName SqlText ParamList CreateDate UpdateDate",
        "UserTablesMD": (
            "TableName:TblName TableDescription:Descr TableType:ObjectType Archivable"
            " ArchiveDateField:ArcDateFld DisplayMenu:DispMenu ApplyAuthorization:AplyAuth"
        ),
        "UserFieldMD": (
            "TableName:TableID FieldID Name:AliasID Description:Descr Type:TypeID SubType:EditType"
            " Size:SizeID EditSize DefaultValue:Dflt Mandatory:NotNull LinkedTable:RTable"
            " LinkedUDO:RelUDO LinkedSystemObject:RelSO"
        ),
        "ValidValueMD": "Value:FldValue Description:Descr",
        "UserKeysMD": "TableName KeyIndex:KeyId KeyName Unique:UniqueKey",
        "UserKeysMD_Element": "SubKeyIndex:SubKeyId ColumnAlias:ColAlias",
    },
    read_only={
        "SQLQuery": "CreateDate UpdateDate",
        # Clients do send a FieldID of their own; that SAP counts itself all the same is a guess.
        "UserFieldMD": "FieldID",
        "UserKeysMD": "KeyIndex",
        "UserKeysMD_Element": "SubKeyIndex",
    },
    max_lengths={
        "SQLQuery": {"SqlCode": 50, "SqlName": 100},
        "UserFieldMD": {"Description": 80, "DefaultValue": 254},
        "UserTablesMD": {"TableDescription": 30},
        "ValidValueMD": {"Value": 254, "Description": 254},
    },
    hidden={"ValidValueMD": {"IndexID": "INTEGER"}},
)
