"""Parts of a workbook as Excel writes them, which no library of ours can: for `excel_book`."""

from dataclasses import dataclass

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CHOICES = "http://schemas.openxmlformats.org/markup-compatibility/2006"
X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
X15 = "http://schemas.microsoft.com/office/spreadsheetml/2010/11/main"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml."
REVISIONS = (
    f'xmlns:mc="{CHOICES}" mc:Ignorable="xr" '
    'xmlns:xr="http://schemas.microsoft.com/office/spreadsheetml/2014/revision"'
)
PERSON = "{6F9619FF-8B86-D011-B42D-00CF4FC964FF}"
TALK = "{9FE0EFFC-F649-7D41-B909-522703F4B7ED}"
VIEW = "{A435B825-2B34-41BF-A052-AA93A9EFB847}"


@dataclass(frozen=True, kw_only=True)
class Part:
    """A part, and the relationship that leads to it."""

    name: str
    content: bytes
    content_type: str
    owner: str
    link_id: str
    link_type: str


def _part(name: str, xml: str, content_type: str, owner: str, link_id: str, link_type: str) -> Part:
    return Part(
        name=name,
        content=(HEAD + xml).encode(),
        content_type=content_type,
        owner=owner,
        link_id=link_id,
        link_type=link_type if "://" in link_type else f"{OFFICE}/{link_type}",
    )


_FIELDS = (
    *("Check", "Your reference", "Customer ID", "Product (MPN)", "Quantity", "Commitment", "Billing"),
    *("Offer attestation", "Company name", "Tenant", "Microsoft domain", "Partner of record attested"),
    *("MCA accepted", "Margin"),
)
_QUANTITY, _BILLING = _FIELDS.index("Quantity"), _FIELDS.index("Billing")
_NUMBERS = (
    '<sharedItems containsSemiMixedTypes="0" containsString="0" containsNumber="1" containsInteger="1" '
    'minValue="5" maxValue="5"/>'
)
_SHARED = {_QUANTITY: _NUMBERS, _BILLING: '<sharedItems count="1"><s v="Monthly"/></sharedItems>'}
_CACHE = (
    f'<pivotCacheDefinition xmlns="{MAIN}" xmlns:r="{OFFICE}" {REVISIONS} r:id="rId1" refreshedBy="Ann" '
    'refreshedDate="46348.5" createdVersion="8" refreshedVersion="8" minRefreshableVersion="3" recordCount="6" '
    'xr:uid="{00000000-000A-0000-FFFF-FFFF00000000}"><cacheSource type="worksheet">'
    '<worksheetSource ref="A3:N9" sheet="Orders"/></cacheSource><cacheFields count="14">'
    + "".join(
        f'<cacheField name="{name}" numFmtId="0">{_SHARED.get(place, "<sharedItems/>")}</cacheField>'
        for place, name in enumerate(_FIELDS)
    )
    + '</cacheFields><extLst><ext uri="{725AE2AE-9491-48be-B2B4-4EB974FC3084}" '
    f'xmlns:x14="{X14}"><x14:pivotCacheDefinition pivotCacheId="901"/></ext></extLst></pivotCacheDefinition>'
)
_RECORD = "".join(
    {_QUANTITY: '<n v="5"/>', _BILLING: '<x v="0"/>'}.get(place, '<s v="x"/>') for place in range(14)
)
_RECORDS = f'<pivotCacheRecords xmlns="{MAIN}" xmlns:r="{OFFICE}" count="6">{f"<r>{_RECORD}</r>" * 6}</pivotCacheRecords>'
_AXIS = '<pivotField axis="axisRow" showAll="0"><items count="2"><item x="0"/><item t="default"/></items></pivotField>'
_PIVOT_FIELDS = {_QUANTITY: '<pivotField dataField="1" showAll="0"/>', _BILLING: _AXIS}
_PIVOT_TABLE = (
    f'<pivotTableDefinition xmlns="{MAIN}" {REVISIONS} xr:uid="{{00000000-0007-0000-0400-000000000000}}" '
    'name="PivotTable1" cacheId="901" applyNumberFormats="0" applyBorderFormats="0" applyFontFormats="0" '
    'applyPatternFormats="0" applyAlignmentFormats="0" applyWidthHeightFormats="1" dataCaption="Values" '
    'updatedVersion="8" minRefreshableVersion="3" useAutoFormatting="1" itemPrintTitles="1" createdVersion="8" '
    'indent="0" outline="1" outlineData="1" multipleFieldFilters="0">'
    '<location ref="A3:B5" firstHeaderRow="1" firstDataRow="1" firstDataCol="1"/><pivotFields count="14">'
    + "".join(_PIVOT_FIELDS.get(place, '<pivotField showAll="0"/>') for place in range(14))
    + f'</pivotFields><rowFields count="1"><field x="{_BILLING}"/></rowFields><rowItems count="2"><i><x/></i>'
    '<i t="grand"><x/></i></rowItems><colItems count="1"><i/></colItems><dataFields count="1">'
    f'<dataField name="Sum of Quantity" fld="{_QUANTITY}" baseField="0" baseItem="0"/></dataFields>'
    '<formats count="1"><format dxfId="0"><pivotArea grandRow="1" outline="0" fieldPosition="0"/></format></formats>'
    '<pivotTableStyleInfo name="PivotStyleLight16" showRowHeaders="1" showColHeaders="1" showRowStripes="0" '
    'showColStripes="0" showLastColumn="1"/></pivotTableDefinition>'
)


def _sheet(rows: str, extent: str, rest: str = "") -> bytes:
    return (
        f'{HEAD}<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}"><dimension ref="{extent}"/><sheetViews>'
        '<sheetView workbookViewId="0"/></sheetViews><sheetFormatPr defaultRowHeight="15"/>'
        f'<sheetData>{rows}</sheetData><pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" '
        f'footer="0.3"/>{rest}</worksheet>'
    ).encode()


def _text(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


PIVOT = _sheet(
    f'<row r="3">{_text("A3", "Row Labels")}{_text("B3", "Sum of Quantity")}</row>'
    f'<row r="4">{_text("A4", "Monthly")}<c r="B4"><v>30</v></c></row>'
    f'<row r="5">{_text("A5", "Grand Total")}<c r="B5"><v>30</v></c></row>',
    "A3:B5",
)
IMPORTED = _sheet(
    f'<row r="1">{_text("A1", "Id")}{_text("B1", "Paid")}{_text("C1", "Rate")}</row>'
    '<row r="2"><c r="A2"><v>1</v></c><c r="B2" s="5" t="b"><v>1</v></c><c r="C2"><f>[1]Sheet1!$A$1*2</f><v>18</v></c></row>'
    '<row r="3"><c r="A3"><v>2</v></c><c r="B3" s="5" t="b"><v>0</v></c><c r="C3"><f>[1]Sheet1!$A$1*2</f><v>18</v></c></row>',
    "A1:C3",
    '<tableParts count="1"><tablePart r:id="rId1"/></tableParts>',
)
"""Filled by a query, with cells that are check boxes."""
_IMPORTED_TABLE = (
    f'<table xmlns="{MAIN}" id="7" name="Paid" displayName="Paid" ref="A1:C3" tableType="queryTable" totalsRowShown="0">'
    '<autoFilter ref="A1:C3"/><tableColumns count="3">'
    '<tableColumn id="1" uniqueName="1" name="Id" queryTableFieldId="1"/>'
    '<tableColumn id="2" uniqueName="2" name="Paid" queryTableFieldId="2"/>'
    '<tableColumn id="3" uniqueName="3" name="Rate" queryTableFieldId="3" dataDxfId="0"/></tableColumns>'
    '<tableStyleInfo name="TableStyleMedium7" showFirstColumn="0" showLastColumn="0" showRowStripes="1" '
    'showColumnStripes="0"/></table>'
)
_QUERY_TABLE = (
    f'<queryTable xmlns="{MAIN}" name="ExternalData_1" connectionId="1" autoFormatId="16" applyNumberFormats="0" '
    'applyBorderFormats="0" applyFontFormats="0" applyPatternFormats="0" applyAlignmentFormats="0" '
    'applyWidthHeightFormats="0"><queryTableRefresh nextId="4" unboundColumnsRight="1"><queryTableFields count="3">'
    '<queryTableField id="1" name="Id" tableColumnId="1"/><queryTableField id="2" name="Paid" tableColumnId="2"/>'
    '<queryTableField id="3" dataBound="0" tableColumnId="3"/></queryTableFields></queryTableRefresh></queryTable>'
)
_CONNECTIONS = (
    f'<connections xmlns="{MAIN}"><connection id="1" keepAlive="1" name="Query - Paid" description="Connection to the '
    '\'Paid\' query in the workbook." type="5" refreshedVersion="8" background="1" saveData="1"><dbPr '
    'connection="Provider=Microsoft.Mashup.OleDb.1;Data Source=$Workbook$;Location=Paid;Extended Properties=&quot;&quot;" '
    'commandType="3" command="Paid"/></connection></connections>'
)
_OUTSIDE = (
    f'<externalLink xmlns="{MAIN}"><externalBook xmlns:r="{OFFICE}" r:id="rId1"><sheetNames><sheetName val="Sheet1"/>'
    '</sheetNames><sheetDataSet><sheetData sheetId="0"><row r="1"><cell r="A1"><v>9</v></cell></row></sheetData>'
    "</sheetDataSet></externalBook></externalLink>"
)
_SLICERS = (
    f'<slicers xmlns="{X14}" xmlns:mc="{CHOICES}" mc:Ignorable="x" xmlns:x="{MAIN}"><slicer name="Term" '
    'cache="Slicer_Term" caption="Term" rowHeight="241300"/></slicers>'
)
_SLICER_CACHE = (
    f'<slicerCacheDefinition xmlns="{X14}" xmlns:mc="{CHOICES}" mc:Ignorable="x" xmlns:x="{MAIN}" name="Slicer_Term" '
    'sourceName="Term"><extLst><x:ext uri="{2F2917AC-EB37-4324-AD4E-5DD8C200BD13}" '
    f'xmlns:x15="{X15}"><x15:tableSlicerCache tableId="1" column="1"/></x:ext></extLst></slicerCacheDefinition>'
)
_SLICER_DRAWING = (
    '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><xdr:twoCellAnchor editAs="absolute">'
    "<xdr:from><xdr:col>5</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>1</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from>"
    "<xdr:to><xdr:col>8</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>12</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to>"
    f'<mc:AlternateContent xmlns:mc="{CHOICES}"><mc:Choice '
    'xmlns:sle15="http://schemas.microsoft.com/office/drawing/2012/slicer" Requires="sle15"><xdr:graphicFrame macro="">'
    '<xdr:nvGraphicFramePr><xdr:cNvPr id="2" name="Term"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm>'
    '<a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic>'
    '<a:graphicData uri="http://schemas.microsoft.com/office/drawing/2010/slicer"><sle:slicer '
    'xmlns:sle="http://schemas.microsoft.com/office/drawing/2010/slicer" name="Term"/></a:graphicData></a:graphic>'
    '</xdr:graphicFrame></mc:Choice><mc:Fallback><xdr:sp macro="" textlink=""><xdr:nvSpPr><xdr:cNvPr id="0" name=""/>'
    '<xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr><a:xfrm><a:off x="3048000" y="190500"/><a:ext cx="1828800" cy="2095500"/>'
    '</a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:sp></mc:Fallback></mc:AlternateContent>'
    "<xdr:clientData/></xdr:twoCellAnchor></xdr:wsDr>"
)
SLICER_LIST = (
    '<extLst><ext uri="{3A4CF648-6AED-40f4-86FF-DC5316D8AED3}" '
    f'xmlns:x15="{X15}"><x14:slicerList xmlns:x14="{X14}"><x14:slicer r:id="rId3"/></x14:slicerList></ext></extLst>'
)
_TALKS = (
    '<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments" '
    f'xmlns:x="{MAIN}"><threadedComment ref="C6" dT="2026-11-20T17:32:33.59" personId="{PERSON}" id="{TALK}">'
    f'<text>Is this the right customer?</text></threadedComment><threadedComment ref="C6" dT="2026-11-20T17:40:00.12" '
    f'personId="{PERSON}" id="{{1D0A7C1E-3B6F-4C55-9B43-0A1B2C3D4E5F}}" parentId="{TALK}"><text>Yes.</text>'
    "</threadedComment></ThreadedComments>"
)
_PEOPLE = (
    '<personList xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments" '
    f'xmlns:x="{MAIN}"><person displayName="Ann" id="{PERSON}" userId="ann@partner.example" providerId="None"/></personList>'
)
THREAD = (
    '<comment ref="C6" authorId="1" shapeId="0"><text><t>[Threaded comment]\n\nYour version of Excel allows you to read '
    "this threaded comment; however, any edits to it will get removed if the file is opened in a newer version of Excel. "
    "Learn more: https://go.microsoft.com/fwlink/?linkid=870924\n\nComment:\n    Is this the right customer?\nReply:\n    Yes."
    "</t></text></comment>"
)
"""What programs show that know no conversations."""
THREAD_BOX = (
    '<v:shape id="_x0000_s1027" type="#_x0000_t202" style=\'position:absolute;\n  margin-left:300pt;margin-top:60pt;'
    'width:108pt;height:59.25pt;z-index:3;\n  visibility:hidden\' fillcolor="infoBackground [80]" strokecolor="none [81]" '
    'o:insetmode="auto">\n  <v:fill color2="infoBackground [80]"/>\n  <v:shadow color="none [81]" obscured="t"/>\n'
    "  <v:path o:connecttype=\"none\"/>\n  <v:textbox style='mso-direction-alt:auto'>\n   "
    "<div style='text-align:left'></div>\n  </v:textbox>\n  <x:ClientData ObjectType=\"Note\">\n   <x:MoveWithCells/>\n"
    "   <x:SizeWithCells/>\n   <x:Anchor>\n    3, 15, 4, 2, 5, 31, 8, 1</x:Anchor>\n   <x:AutoFill>False</x:AutoFill>\n"
    "   <x:Row>5</x:Row>\n   <x:Column>2</x:Column>\n  </x:ClientData>\n </v:shape>"
)
CHECKBOX_SHAPE = (
    '<v:shape id="_x0000_s1028" type="#_x0000_t201" style=\'position:absolute;\n  margin-left:500pt;margin-top:195pt;'
    'width:90pt;height:17.25pt;z-index:4;\n  mso-wrap-style:tight\' filled="f" fillcolor="window [65]" stroked="f" '
    'strokecolor="windowText [64]" o:insetmode="auto">\n  <v:path shadowok="t" strokeok="t" fillok="t"/>\n'
    '  <o:lock v:ext="edit" rotation="t"/>\n  <v:textbox style=\'mso-direction-alt:auto\' o:singleclick="f">\n'
    '   <div style=\'text-align:left\'><font face="Segoe UI" size="160" color="auto">All\n   checked</font></div>\n'
    '  </v:textbox>\n  <x:ClientData ObjectType="Checkbox">\n   <x:SizeWithCells/>\n   <x:Anchor>\n'
    "    8, 10, 13, 0, 9, 50, 13, 18</x:Anchor>\n   <x:AutoFill>False</x:AutoFill>\n   <x:AutoLine>False</x:AutoLine>\n"
    "   <x:TextVAlign>Center</x:TextVAlign>\n   <x:Checked>1</x:Checked>\n   <x:FmlaLink>$C$2</x:FmlaLink>\n"
    "   <x:NoThreeD/>\n  </x:ClientData>\n </v:shape>"
)
CHECKBOX_ANCHOR = (
    f'<mc:AlternateContent xmlns:mc="{CHOICES}"><mc:Choice xmlns:a14="http://schemas.microsoft.com/office/drawing/2010/main" '
    'Requires="a14"><xdr:twoCellAnchor editAs="oneCell"><xdr:from><xdr:col>8</xdr:col><xdr:colOff>95250</xdr:colOff>'
    "<xdr:row>13</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to><xdr:col>9</xdr:col><xdr:colOff>476250</xdr:colOff>"
    '<xdr:row>13</xdr:row><xdr:rowOff>171450</xdr:rowOff></xdr:to><xdr:sp macro="" textlink=""><xdr:nvSpPr>'
    '<xdr:cNvPr id="1028" name="Check Box 4" hidden="1"><a:extLst><a:ext uri="{63B3BB69-23CF-44E3-9099-C40C66FF867C}">'
    '<a14:compatExt spid="_x0000_s1028"/></a:ext></a:extLst></xdr:cNvPr><xdr:cNvSpPr/></xdr:nvSpPr>'
    '<xdr:spPr bwMode="auto"><a:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
    "</a:prstGeom><a:noFill/></xdr:spPr></xdr:sp><xdr:clientData/></xdr:twoCellAnchor></mc:Choice><mc:Fallback/>"
    "</mc:AlternateContent>"
)
CONTROLS = (
    f'<mc:AlternateContent xmlns:mc="{CHOICES}"><mc:Choice Requires="x14" xmlns:x14="{X14}"><controls>'
    f'<mc:AlternateContent xmlns:mc="{CHOICES}"><mc:Choice Requires="x14">'
    '<control shapeId="1028" r:id="rId10" name="Check Box 4"><controlPr defaultSize="0" autoFill="0" autoLine="0" autoPict="0">'
    '<anchor moveWithCells="1"><from><xdr:col>8</xdr:col><xdr:colOff>95250</xdr:colOff><xdr:row>13</xdr:row>'
    "<xdr:rowOff>0</xdr:rowOff></from><to><xdr:col>9</xdr:col><xdr:colOff>476250</xdr:colOff><xdr:row>13</xdr:row>"
    "<xdr:rowOff>171450</xdr:rowOff></to></anchor></controlPr></control></mc:Choice></mc:AlternateContent></controls>"
    "</mc:Choice></mc:AlternateContent>"
)
_CONTROL = f'<formControlPr xmlns="{X14}" objectType="CheckBox" checked="Checked" fmlaLink="$C$2" lockText="1" noThreeD="1"/>'
_CELL_BOXES = (
    '<FeaturePropertyBags xmlns="http://schemas.microsoft.com/office/spreadsheetml/2022/featurepropertybag">'
    '<bag type="Checkbox"/><bag type="XFControls"><bagId k="CellControl">0</bagId></bag><bag type="XFComplement">'
    '<bagId k="XFControls">1</bagId></bag><bag type="XFComplements" extRef="XFComplementsMapperExtRef">'
    '<a k="MappedFeaturePropertyBags"><bagId>2</bagId></a></bag></FeaturePropertyBags>'
)
CELL_BOX_STYLE = (
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"><extLst>'
    '<ext uri="{C7286773-470A-42A8-94C5-96B5CB345126}" '
    'xmlns:xfpb="http://schemas.microsoft.com/office/spreadsheetml/2022/featurepropertybag"><xfpb:xfComplement i="0"/></ext>'
    "</extLst></xf>"
)
_MINE = '<b:archive xmlns:b="urn:example:archive"><b:keep years="10"/></b:archive>'
_MINE_ABOUT = (
    '<ds:datastoreItem ds:itemID="{3002795C-5FE7-42D8-B54F-878558BED08A}" '
    'xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml"><ds:schemaRefs>'
    '<ds:schemaRef ds:uri="urn:example:archive"/></ds:schemaRefs></ds:datastoreItem>'
)
_PROPERTIES = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
    'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
    '<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="Cost centre"><vt:lpwstr>4711</vt:lpwstr></property>'
    '<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="3" name="Approved"><vt:bool>true</vt:bool></property>'
    "</Properties>"
)
FAMILY = (
    '<a:extLst><a:ext uri="{05A4C25C-085E-4340-85A3-A5531E510DB2}"><thm15:themeFamily '
    'xmlns:thm15="http://schemas.microsoft.com/office/thememl/2012/main" name="Office Theme" '
    'id="{62F939B6-93AF-4DB8-9C6B-D6C7DFDC589F}" vid="{4A3C46E8-61CC-4603-A589-7422A47A8E4A}"/></a:ext></a:extLst>'
)
WORKBOOK_ENDING = (
    '<customWorkbookViews><customWorkbookView name="Ann" '
    f'guid="{VIEW}" maximized="1" windowWidth="1920" windowHeight="1017" activeSheetId="2"/></customWorkbookViews>'
    '<pivotCaches><pivotCache cacheId="901" r:id="rId32"/></pivotCaches><extLst>'
    '<ext uri="{46BE6895-7355-4a93-B00E-2C351335B9C9}" '
    f'xmlns:x15="{X15}"><x15:slicerCaches xmlns:x14="{X14}"><x14:slicerCache r:id="rId33"/></x15:slicerCaches></ext></extLst>'
)
OWN_VIEW = (
    f'<customSheetViews><customSheetView guid="{VIEW}" showPageBreaks="1" printArea="1" showAutoFilter="1">'
    '<pane xSplit="2" ySplit="3" topLeftCell="C4" activePane="bottomRight" state="frozen"/>'
    '<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>'
    '<pageSetup orientation="landscape"/><autoFilter ref="A3:N9"/></customSheetView></customSheetViews>'
)

_WORKBOOK, _ORDERS, _PRICES = "xl/workbook.xml", "xl/worksheets/sheet2.xml", "xl/worksheets/sheet3.xml"
_PIVOT_SHEET, _IMPORTED_SHEET = "xl/worksheets/sheet5.xml", "xl/worksheets/sheet6.xml"
_CACHE_PART = "xl/pivotCache/pivotCacheDefinition1.xml"
_NEWER = "http://schemas.microsoft.com/office"
_DRAWING = "application/vnd.openxmlformats-officedocument.drawing+xml"
PARTS = (
    Part(
        name=_PIVOT_SHEET,
        content=PIVOT,
        content_type=f"{TYPE}worksheet+xml",
        owner=_WORKBOOK,
        link_id="rId30",
        link_type=f"{OFFICE}/worksheet",
    ),
    Part(
        name=_IMPORTED_SHEET,
        content=IMPORTED,
        content_type=f"{TYPE}worksheet+xml",
        owner=_WORKBOOK,
        link_id="rId31",
        link_type=f"{OFFICE}/worksheet",
    ),
    _part(_CACHE_PART, _CACHE, f"{TYPE}pivotCacheDefinition+xml", _WORKBOOK, "rId32", "pivotCacheDefinition"),
    _part(
        *("xl/pivotCache/pivotCacheRecords1.xml", _RECORDS, f"{TYPE}pivotCacheRecords+xml"),
        *(_CACHE_PART, "rId1", "pivotCacheRecords"),
    ),
    _part(
        *("xl/pivotTables/pivotTable1.xml", _PIVOT_TABLE, f"{TYPE}pivotTable+xml"),
        *(_PIVOT_SHEET, "rId1", "pivotTable"),
    ),
    _part("xl/tables/table2.xml", _IMPORTED_TABLE, f"{TYPE}table+xml", _IMPORTED_SHEET, "rId1", "table"),
    _part(
        *("xl/queryTables/queryTable1.xml", _QUERY_TABLE, f"{TYPE}queryTable+xml"),
        *("xl/tables/table2.xml", "rId1", "queryTable"),
    ),
    _part("xl/connections.xml", _CONNECTIONS, f"{TYPE}connections+xml", _WORKBOOK, "rId34", "connections"),
    _part(
        *("xl/externalLinks/externalLink1.xml", _OUTSIDE, f"{TYPE}externalLink+xml"),
        *(_WORKBOOK, "rId35", "externalLink"),
    ),
    _part(
        *("xl/slicers/slicer1.xml", _SLICERS, "application/vnd.ms-excel.slicer+xml"),
        *(_PRICES, "rId3", f"{_NEWER}/2007/relationships/slicer"),
    ),
    _part(
        *("xl/slicerCaches/slicerCache1.xml", _SLICER_CACHE, "application/vnd.ms-excel.slicerCache+xml"),
        *(_WORKBOOK, "rId33", f"{_NEWER}/2007/relationships/slicerCache"),
    ),
    _part("xl/drawings/drawing2.xml", _SLICER_DRAWING, _DRAWING, _PRICES, "rId2", "drawing"),
    _part(
        *(
            "xl/threadedComments/threadedComment1.xml",
            _TALKS,
            "application/vnd.ms-excel.threadedcomments+xml",
        ),
        *(_ORDERS, "rId11", f"{_NEWER}/2017/10/relationships/threadedComment"),
    ),
    _part(
        *("xl/persons/person.xml", _PEOPLE, "application/vnd.ms-excel.person+xml"),
        *(_WORKBOOK, "rId36", f"{_NEWER}/2017/10/relationships/person"),
    ),
    _part(
        *("xl/ctrlProps/ctrlProp1.xml", _CONTROL, "application/vnd.ms-excel.controlproperties+xml"),
        *(_ORDERS, "rId10", "ctrlProp"),
    ),
    _part(
        *("xl/featurePropertyBag/featurePropertyBag.xml", _CELL_BOXES),
        *("application/vnd.ms-excel.featurepropertybag+xml", _WORKBOOK),
        *("rId37", f"{_NEWER}/2022/11/relationships/FeaturePropertyBag"),
    ),
    _part("customXml/item1.xml", _MINE, "application/xml", _WORKBOOK, "rId38", "customXml"),
    _part(
        *("customXml/itemProps1.xml", _MINE_ABOUT),
        *("application/vnd.openxmlformats-officedocument.customXmlProperties+xml", "customXml/item1.xml"),
        *("rId1", "customXmlProps"),
    ),
    Part(
        name="xl/printerSettings/printerSettings1.bin",
        content="Printer of the third floor".encode("utf-16-le").ljust(220, b"\0"),
        content_type=f"{TYPE}printerSettings",
        owner=_ORDERS,
        link_id="rId12",
        link_type=f"{OFFICE}/printerSettings",
    ),
    _part(
        *(
            "docProps/custom.xml",
            _PROPERTIES,
            "application/vnd.openxmlformats-officedocument.custom-properties+xml",
        ),
        *("", "rId9", "custom-properties"),
    ),
)
