"""File names that carry a path: Django cuts them silently; here the person is told."""

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, load_handler
from django.http.multipartparser import MultiPartParser

# Stands for a slash in the name of an upload: no file of a phone or a computer has it, and the check refuses it.
MARK = "\u2215"


class _TellingParser(MultiPartParser):
    def sanitize_file_name(self, file_name):
        clean = super().sanitize_file_name(file_name)
        return f"{MARK}{clean or 'file'}" if "/" in file_name or "\\" in file_name else clean


class PathInNameHandler(FileUploadHandler):
    """Reads the form as Django does, but marks the name of a file that came with a path, for `check_evidence`."""

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):  # noqa: N803 - Django's name
        """The fields and files of the form."""
        others = [
            load_handler(path, self.request)
            for path in settings.FILE_UPLOAD_HANDLERS
            if not path.endswith(f".{type(self).__name__}")
        ]
        return _TellingParser(META, input_data, others, encoding).parse()

    def receive_data_chunk(self, raw_data, start):
        """The other handlers take the file."""
        return raw_data

    def file_complete(self, file_size):
        """The other handlers give the file."""
