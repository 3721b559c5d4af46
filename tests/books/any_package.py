"""One table as any program may write it: a package whose parts, XML and zip take every form that the standard allows."""

import io
import zipfile
from collections.abc import Sequence
from random import Random
from xml.sax.saxutils import escape

from bulk_orders.ooxml.addresses import address_of

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.{}+xml"
Cell = str | int | None


class AnyPackage:
    """A workbook in forms that a `Random` chooses."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._prefix = random.choice(["", "", "x:", "ss.1:"])
        self._quote = random.choice(['"', '"', "'"])
        self._is_spaced = random.random() < 0.3
        self._is_pretty = random.random() < 0.4
        self._is_commented = random.random() < 0.3
        self._texts: list[str] = []

    def made(self, sheets: dict[str, Sequence[Sequence[Cell]]]) -> bytes:
        """Return the workbook with these rows."""
        folder = self._random.choice(["xl/", "", "a/b/", "Book 1/"])
        main = folder + self._random.choice(["workbook.xml", "workbook2.xml", "w"])
        names = {name: f"{folder}{self._random.choice(['worksheets/', ''])}{name}.part" for name in sheets}
        parts = {names[name]: self._sheet(rows) for name, rows in sheets.items()}
        texts, styles = folder + self._random.choice(["sharedStrings.xml", "t.xml"]), folder + "looks.xml"
        parts[texts] = self._shared_texts()
        parts[styles] = self._root(
            "styleSheet", self._element("cellXfs", {}, self._element("xf", {"numFmtId": "0"}))
        )
        links = {"worksheet": list(names.values()), "sharedStrings": [texts], "styles": [styles]}
        targets = [(kind, target) for kind, found in links.items() for target in found]
        self._random.shuffle(targets)
        ids = {target: f"r{number}" for number, (_, target) in enumerate(targets)}
        entries = "".join(
            self._element("sheet", {"name": name, "sheetId": str(number), "r:id": ids[part]})
            for number, (name, part) in enumerate(names.items(), start=1)
        )
        parts[main] = self._root("workbook", self._element("sheets", {}, entries))
        parts[_links_name(main)] = self._links(
            main, [(ids[target], kind, target) for kind, target in targets]
        )
        parts["_rels/.rels"] = self._links("", [("rId1", "officeDocument", main)])
        parts["[Content_Types].xml"] = (
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="{_PACKAGE}/x"/>'
            f'<Override PartName="/{main.replace(" ", "%20")}" ContentType="{_TYPE.format("sheet.main")}"/></Types>'
        ).encode()
        return self._zipped(parts)

    def _zipped(self, parts: dict[str, bytes]) -> bytes:
        order = list(parts)
        self._random.shuffle(order)
        form = self._random.choice(["plain", "plain", "backslash", "dot", "slash", "case"])
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for name in order:
                entry = zipfile.ZipInfo(name)
                entry.filename = {
                    "plain": name,
                    "backslash": name.replace("/", "\\"),
                    "dot": f"./{name}",
                    "slash": f"/{name}",
                    "case": name.swapcase(),
                }[form]
                entry.compress_type = self._random.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
                archive.writestr(entry, parts[name])
        return buffer.getvalue()

    def _links(self, part: str, links: list[tuple[str, str, str]]) -> bytes:
        depth = part.count("/")
        entries = "".join(
            f'<Relationship Id="{name}" Type="{_OFFICE}/{kind}" Target="'
            + self._random.choice(["/", "../" * depth]).replace(" ", "%20")
            + target.replace(" ", self._random.choice([" ", "%20"]))
            + '"/>'
            for name, kind, target in links
        )
        return f'<Relationships xmlns="{_PACKAGE}/relationships">{entries}</Relationships>'.encode()

    def _sheet(self, rows: Sequence[Sequence[Cell]]) -> bytes:
        has_addresses = self._random.random() < 0.8
        written = ""
        for number, row in enumerate(rows, start=1):
            cells = "".join(
                self._cell(value, {"r": address_of((number, place))} if has_addresses else {})
                for place, value in enumerate(row)
            )
            about = {"r": str(number)} if has_addresses else {}
            written += self._element("row", about, cells)
        dimension = self._element("dimension", {"ref": self._random.choice(["A1", "1:4", "A1:XFD9"])})
        return self._root("worksheet", dimension + self._element("sheetData", {}, written))

    def _cell(self, value: Cell, about: dict[str, str]) -> str:
        if value is None:
            return self._element("c", about)
        if isinstance(value, int):
            text = self._random.choice([str(value), f"{value}.0", f"{value}E0", f" {value}\n"])
            kind = self._random.choice([{}, {"t": "n"}])
            return self._element("c", about | kind, self._element("v", {}, self._cut(text)))
        kept = {} if value == value.strip() else {"xml:space": "preserve"}
        match self._random.choice(["s", "inlineStr", "str", "rich"]):
            case "s":
                self._texts.append(value)
                index = str(len(self._texts) - 1)
                return self._element("c", about | {"t": "s"}, self._element("v", {}, self._cut(index)))
            case "str":
                return self._element("c", about | {"t": "str"}, self._element("v", kept, self._cut(value)))
            case "rich":
                run = self._element("r", {}, self._element("t", {"xml:space": "preserve"}, self._cut(value)))
                guide = self._element("rPh", {"sb": "0", "eb": "1"}, self._element("t", {}, "no"))
                return self._element("c", about | {"t": "inlineStr"}, self._element("is", {}, run + guide))
            case _:
                text = self._element("t", kept, self._cut(value))
                return self._element("c", about | {"t": "inlineStr"}, self._element("is", {}, text))

    def _shared_texts(self) -> bytes:
        texts = "".join(
            self._element("si", {}, self._element("t", {"xml:space": "preserve"}, self._cut(text)))
            for text in self._texts
        )
        return self._root("sst", texts)

    def _cut(self, text: str) -> str:
        """Return text escaped, in CDATA, or with something in its middle that is none of it."""
        form = self._random.choice(["plain"] * 6 + ["cdata", "comment", "instruction", "reference"])
        half = len(text) // 2
        first, second = escape(text[:half]), escape(text[half:])
        match form:
            case "cdata":
                return f"{first}<![CDATA[{text[half:]}]]>"
            case "comment":
                return f"{first}<!-- <v>9</v> </row> -->{second}"
            case "instruction":
                return f"{first}<?note <c r='A1'> ?>{second}"
            case "reference" if text:
                return f"&#{ord(text[0])};{escape(text[1:])}"
        return first + second

    def _root(self, name: str, inner: str) -> bytes:
        prefix = self._prefix.rstrip(":")
        about = {f"xmlns:{prefix}" if prefix else "xmlns": _MAIN, "xmlns:r": _OFFICE}
        declaration = self._random.choice(
            [
                "",
                '<?xml version="1.0" encoding="UTF-8"?>\n',
                "\ufeff",
                "<?xml version='1.0' standalone='yes'?>",
            ]
        )
        return (declaration + self._element(name, about, inner)).encode()

    def _element(self, name: str, about: dict[str, str], inner: str = "") -> str:
        pairs = list(about.items())
        self._random.shuffle(pairs)
        equals = " = " if self._is_spaced else "="
        attributes = "".join(f" {key}{equals}{self._quote}{value}{self._quote}" for key, value in pairs)
        end = "\n" if self._is_spaced else ""
        tag = self._prefix + name
        around = "\n  " if self._is_pretty and name not in {"t", "v", "is", "r"} else ""
        aside = "<!-- aside <c r='B2'><v>7</v></c> -->" if self._is_commented and name in {"row", "c"} else ""
        if not inner and self._random.random() < 0.5:
            return f"{around}{aside}<{tag}{attributes}{end}/>"
        inside = around if name not in {"t", "v"} else ""
        return f"{around}{aside}<{tag}{attributes}{end}>{inner}{inside}</{tag}{end}>"


def _links_name(part: str) -> str:
    folder, slash, name = part.rpartition("/")
    return f"{folder}{slash}_rels/{name}.rels"
