package clickhouse

import "github.com/chmod-sql/chmod/adapters"

// Codes that the adapter itself answers to.
const (
	codeSessionNotFound = 372
	codeSessionLocked   = 373
	codeCannotKill      = 380
)

// code is what one of ClickHouse's error numbers means to us.
type code struct {
	name  string
	class adapters.Class
}

// describe is the meaning of a number; numbers not known here get the name
// that the server sent, if any.
func describe(number int) code {
	switch number {
	case 3:
		return code{"UNEXPECTED_END_OF_FILE", adapters.ClassOther}
	case 6:
		return code{"CANNOT_PARSE_TEXT", adapters.ClassOther}
	case 10:
		return code{"NOT_FOUND_COLUMN_IN_BLOCK", adapters.ClassMissing}
	case 15:
		return code{"DUPLICATE_COLUMN", adapters.ClassSyntax}
	case 16:
		return code{"NO_SUCH_COLUMN_IN_TABLE", adapters.ClassMissing}
	case 20:
		return code{"NUMBER_OF_COLUMNS_DOESNT_MATCH", adapters.ClassSyntax}
	case 27:
		return code{"CANNOT_PARSE_INPUT_ASSERTION_FAILED", adapters.ClassOther}
	case 36:
		return code{"BAD_ARGUMENTS", adapters.ClassSyntax}
	case 42:
		return code{"NUMBER_OF_ARGUMENTS_DOESNT_MATCH", adapters.ClassSyntax}
	case 43:
		return code{"ILLEGAL_TYPE_OF_ARGUMENT", adapters.ClassSyntax}
	case 44:
		return code{"ILLEGAL_COLUMN", adapters.ClassSyntax}
	case 46:
		return code{"UNKNOWN_FUNCTION", adapters.ClassSyntax}
	case 47:
		return code{"UNKNOWN_IDENTIFIER", adapters.ClassMissing}
	case 48:
		return code{"NOT_IMPLEMENTED", adapters.ClassUnsupported}
	case 50:
		return code{"UNKNOWN_TYPE", adapters.ClassSyntax}
	case 53:
		return code{"TYPE_MISMATCH", adapters.ClassSyntax}
	case 56:
		return code{"UNKNOWN_STORAGE", adapters.ClassUnsupported}
	case 57:
		return code{"TABLE_ALREADY_EXISTS", adapters.ClassExists}
	case 60:
		return code{"UNKNOWN_TABLE", adapters.ClassMissing}
	case 62:
		return code{"SYNTAX_ERROR", adapters.ClassSyntax}
	case 63:
		return code{"UNKNOWN_AGGREGATE_FUNCTION", adapters.ClassSyntax}
	case 70:
		return code{"CANNOT_CONVERT_TYPE", adapters.ClassOther}
	case 73:
		return code{"UNKNOWN_FORMAT", adapters.ClassSyntax}
	case 81:
		return code{"UNKNOWN_DATABASE", adapters.ClassMissing}
	case 82:
		return code{"DATABASE_ALREADY_EXISTS", adapters.ClassExists}
	case 101:
		return code{"UNEXPECTED_PACKET_FROM_CLIENT", adapters.ClassOther}
	case 115:
		return code{"UNKNOWN_SETTING", adapters.ClassUnsupported}
	case 117:
		return code{"INCORRECT_DATA", adapters.ClassOther}
	case 122:
		return code{"INCOMPATIBLE_COLUMNS", adapters.ClassOther}
	case 139:
		return code{"NO_ELEMENTS_IN_CONFIG", adapters.ClassUnsupported}
	case 153:
		return code{"ILLEGAL_DIVISION", adapters.ClassOther}
	case 158:
		return code{"TOO_MANY_ROWS", adapters.ClassOther}
	case 159:
		return code{"TIMEOUT_EXCEEDED", adapters.ClassTimeout}
	case 160:
		return code{"TOO_SLOW", adapters.ClassTimeout}
	case 164:
		return code{"READONLY", adapters.ClassAccess}
	case 170:
		return code{"CLUSTER_DOESNT_EXIST", adapters.ClassMissing}
	case 179:
		return code{"MULTIPLE_EXPRESSIONS_FOR_ALIAS", adapters.ClassSyntax}
	case 184:
		return code{"ILLEGAL_AGGREGATION", adapters.ClassSyntax}
	case 191:
		return code{"SET_SIZE_LIMIT_EXCEEDED", adapters.ClassMemory}
	case 192:
		return code{"UNKNOWN_USER", adapters.ClassAccess}
	case 193:
		return code{"WRONG_PASSWORD", adapters.ClassAccess}
	case 194:
		return code{"REQUIRED_PASSWORD", adapters.ClassAccess}
	case 195:
		return code{"IP_ADDRESS_NOT_ALLOWED", adapters.ClassAccess}
	case 201:
		return code{"QUOTA_EXCEEDED", adapters.ClassOverload}
	case 202:
		return code{"TOO_MANY_SIMULTANEOUS_QUERIES", adapters.ClassOverload}
	case 203:
		return code{"NO_FREE_CONNECTION", adapters.ClassOverload}
	case 209:
		return code{"SOCKET_TIMEOUT", adapters.ClassTimeout}
	case 210:
		return code{"NETWORK_ERROR", adapters.ClassNetwork}
	case 215:
		return code{"NOT_AN_AGGREGATE", adapters.ClassSyntax}
	case 216:
		return code{"QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING", adapters.ClassOther}
	case 218:
		return code{"TABLE_IS_DROPPED", adapters.ClassMissing}
	case 219:
		return code{"DATABASE_NOT_EMPTY", adapters.ClassOther}
	case 225:
		return code{"NO_ZOOKEEPER", adapters.ClassReadOnly}
	case 236:
		return code{"ABORTED", adapters.ClassCancelled}
	case 241:
		return code{"MEMORY_LIMIT_EXCEEDED", adapters.ClassMemory}
	case 242:
		return code{"TABLE_IS_READ_ONLY", adapters.ClassReadOnly}
	case 252:
		return code{"TOO_MANY_PARTS", adapters.ClassOverload}
	case 253:
		return code{"REPLICA_ALREADY_EXISTS", adapters.ClassExists}
	case 279:
		return code{"ALL_CONNECTION_TRIES_FAILED", adapters.ClassNetwork}
	case 285:
		return code{"TOO_FEW_LIVE_REPLICAS", adapters.ClassOverload}
	case 286:
		return code{"UNSATISFIED_QUORUM_FOR_PREVIOUS_WRITE", adapters.ClassOverload}
	case 307:
		return code{"TOO_MANY_BYTES", adapters.ClassOther}
	case 319:
		return code{"UNKNOWN_STATUS_OF_INSERT", adapters.ClassNetwork}
	case 341:
		return code{"UNFINISHED", adapters.ClassTimeout}
	case 349:
		return code{"CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN", adapters.ClassOther}
	case 352:
		return code{"AMBIGUOUS_COLUMN_NAME", adapters.ClassSyntax}
	case 359:
		return code{"TABLE_SIZE_EXCEEDS_MAX_DROP_SIZE_LIMIT", adapters.ClassOther}
	case codeSessionNotFound:
		return code{"SESSION_NOT_FOUND", adapters.ClassNetwork}
	case codeSessionLocked:
		return code{"SESSION_IS_LOCKED", adapters.ClassOverload}
	case codeCannotKill:
		return code{"CANNOT_KILL", adapters.ClassOther}
	case 386:
		return code{"NO_COMMON_TYPE", adapters.ClassSyntax}
	case 392:
		return code{"QUERY_IS_PROHIBITED", adapters.ClassUnsupported}
	case 394:
		return code{"QUERY_WAS_CANCELLED", adapters.ClassCancelled}
	case 395:
		return code{"FUNCTION_THROW_IF_VALUE_IS_NON_ZERO", adapters.ClassOther}
	case 396:
		return code{"TOO_MANY_ROWS_OR_BYTES", adapters.ClassOther}
	case 452:
		return code{"SETTING_CONSTRAINT_VIOLATION", adapters.ClassAccess}
	case 457:
		return code{"BAD_QUERY_PARAMETER", adapters.ClassSyntax}
	case 469:
		return code{"VIOLATED_CONSTRAINT", adapters.ClassOther}
	case 473:
		return code{"DEADLOCK_AVOIDED", adapters.ClassTimeout}
	case 497:
		return code{"ACCESS_DENIED", adapters.ClassAccess}
	case 514:
		return code{"ACCESS_STORAGE_READONLY", adapters.ClassAccess}
	case 516:
		return code{"AUTHENTICATION_FAILED", adapters.ClassAccess}
	case 517:
		return code{"CANNOT_ASSIGN_ALTER", adapters.ClassOverload}
	case 571:
		return code{"DATABASE_REPLICATION_FAILED", adapters.ClassReadOnly}
	case 701:
		return code{"CLUSTER_DOESNT_EXIST", adapters.ClassMissing}
	case 735:
		return code{"QUERY_WAS_CANCELLED_BY_CLIENT", adapters.ClassCancelled}
	case 999:
		return code{"KEEPER_EXCEPTION", adapters.ClassReadOnly}
	}
	return code{class: adapters.ClassOther}
}
