"""The month written up: JSON, DOCX, XLSX and HTML, all made from one month object."""

from auditor.report.files import FORMATS, write_report

__all__ = ["FORMATS", "write_report"]
