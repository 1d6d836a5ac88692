package materialize

import "strings"

// typeOf is a type by ClickHouse's own name and with all its arguments.
func typeOf(name string, args []string) string {
	upper := strings.ToUpper(name)
	if own, ok := typeNames[upper]; ok {
		name = own
	}
	switch name {
	case "Decimal32", "Decimal64", "Decimal128", "Decimal256":
		precision := map[string]string{"Decimal32": "9", "Decimal64": "18", "Decimal128": "38", "Decimal256": "76"}[name]
		if len(args) == 1 {
			args = []string{precision, args[0]}
		}
		name = "Decimal"
	case "Decimal":
		switch len(args) {
		case 0:
			args = []string{"10", "0"}
		case 1:
			args = append(args, "0")
		}
	case "DateTime64":
		if len(args) == 0 {
			args = []string{"3"}
		}
	case "String", "Int8", "Int16", "Int32", "Int64", "Float32", "Float64":
		args = nil // VARCHAR(10), INT(11), FLOAT(8): the number means nothing
	case "Enum":
		name = "Enum8"
	case "BINARY":
		if len(args) == 1 {
			name = "FixedString"
		}
	}
	if len(args) == 0 {
		return name
	}
	return name + "(" + strings.Join(args, ", ") + ")"
}

// twoWords are names of types that have several words.
var twoWords = map[string]bool{
	"DOUBLE PRECISION": true, "CHAR VARYING": true, "CHARACTER VARYING": true, "INT UNSIGNED": true, "INT SIGNED": true,
	"INTEGER UNSIGNED": true, "INTEGER SIGNED": true, "BIGINT UNSIGNED": true, "BIGINT SIGNED": true,
	"SMALLINT UNSIGNED": true, "SMALLINT SIGNED": true, "TINYINT UNSIGNED": true, "TINYINT SIGNED": true,
	"CHARACTER LARGE": true, "CHARACTER LARGE OBJECT": true,
}

// typeNames are names that may be written in any case, with their own
// spelling or the type they stand for.
var typeNames = map[string]string{
	"TINYINT": "Int8", "INT1": "Int8", "BYTE": "Int8", "TINYINT SIGNED": "Int8", "TINYINT UNSIGNED": "UInt8",
	"SMALLINT": "Int16", "SMALLINT SIGNED": "Int16", "SMALLINT UNSIGNED": "UInt16", "YEAR": "UInt16",
	"INT": "Int32", "INTEGER": "Int32", "MEDIUMINT": "Int32", "INT SIGNED": "Int32", "INTEGER SIGNED": "Int32",
	"INT UNSIGNED": "UInt32", "INTEGER UNSIGNED": "UInt32",
	"BIGINT": "Int64", "SIGNED": "Int64", "BIGINT SIGNED": "Int64", "UNSIGNED": "UInt64", "BIGINT UNSIGNED": "UInt64", "BIT": "UInt64",
	"FLOAT": "Float32", "REAL": "Float32", "SINGLE": "Float32", "DOUBLE": "Float64", "DOUBLE PRECISION": "Float64",
	"DECIMAL": "Decimal", "DEC": "Decimal", "NUMERIC": "Decimal", "FIXED": "Decimal",
	"DECIMAL32": "Decimal32", "DECIMAL64": "Decimal64", "DECIMAL128": "Decimal128", "DECIMAL256": "Decimal256",
	"BOOL": "Bool", "BOOLEAN": "Bool",
	"STRING": "String", "TEXT": "String", "VARCHAR": "String", "VARCHAR2": "String", "CHAR": "String", "CHARACTER": "String",
	"NCHAR": "String", "NVARCHAR": "String", "TINYTEXT": "String", "MEDIUMTEXT": "String", "LONGTEXT": "String",
	"BLOB": "String", "TINYBLOB": "String", "MEDIUMBLOB": "String", "LONGBLOB": "String", "CLOB": "String", "BYTEA": "String",
	"CHAR VARYING": "String", "CHARACTER VARYING": "String", "CHARACTER LARGE OBJECT": "String",
	"DATE": "Date", "DATE32": "Date32", "DATETIME": "DateTime", "DATETIME32": "DateTime", "TIMESTAMP": "DateTime", "DATETIME64": "DateTime64",
	"ENUM": "Enum", "FIXEDSTRING": "FixedString", "JSON": "JSON", "INET4": "IPv4", "INET6": "IPv6",
}
