"""The month written up: JSON, DOCX, XLSX and HTML, all made from one month object."""

from auditor.report.files import ALL_FORMATS, FORMATS, write_report

__all__ = ["ALL_FORMATS", "FORMATS", "write_report"]
