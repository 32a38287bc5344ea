"""The compiled extra against its Python twins; run by `make versions`, where it was built."""
