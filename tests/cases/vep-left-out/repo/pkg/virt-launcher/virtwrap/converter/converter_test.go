package converter
