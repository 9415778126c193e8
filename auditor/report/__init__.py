"""The month written up: JSON, DOCX, XLSX and HTML, all made from one month object."""
