package adapters

// CodeMeaning is what one of ClickHouse's error numbers means to us. Numbers
// that are not known here have no name.
func CodeMeaning(number int) (name string, class Class) {
	switch number {
	case 3:
		return "UNEXPECTED_END_OF_FILE", ClassOther
	case 6:
		return "CANNOT_PARSE_TEXT", ClassOther
	case 10:
		return "NOT_FOUND_COLUMN_IN_BLOCK", ClassMissing
	case 15:
		return "DUPLICATE_COLUMN", ClassSyntax
	case 16:
		return "NO_SUCH_COLUMN_IN_TABLE", ClassMissing
	case 20:
		return "NUMBER_OF_COLUMNS_DOESNT_MATCH", ClassSyntax
	case 27:
		return "CANNOT_PARSE_INPUT_ASSERTION_FAILED", ClassOther
	case 32:
		return "ATTEMPT_TO_READ_AFTER_EOF", ClassNetwork
	case 36:
		return "BAD_ARGUMENTS", ClassSyntax
	case 42:
		return "NUMBER_OF_ARGUMENTS_DOESNT_MATCH", ClassSyntax
	case 43:
		return "ILLEGAL_TYPE_OF_ARGUMENT", ClassSyntax
	case 44:
		return "ILLEGAL_COLUMN", ClassSyntax
	case 46:
		return "UNKNOWN_FUNCTION", ClassSyntax
	case 47:
		return "UNKNOWN_IDENTIFIER", ClassMissing
	case 48:
		return "NOT_IMPLEMENTED", ClassUnsupported
	case 50:
		return "UNKNOWN_TYPE", ClassSyntax
	case 53:
		return "TYPE_MISMATCH", ClassSyntax
	case 56:
		return "UNKNOWN_STORAGE", ClassUnsupported
	case 57:
		return "TABLE_ALREADY_EXISTS", ClassExists
	case 60:
		return "UNKNOWN_TABLE", ClassMissing
	case 62:
		return "SYNTAX_ERROR", ClassSyntax
	case 63:
		return "UNKNOWN_AGGREGATE_FUNCTION", ClassSyntax
	case 70:
		return "CANNOT_CONVERT_TYPE", ClassOther
	case 73:
		return "UNKNOWN_FORMAT", ClassSyntax
	case 81:
		return "UNKNOWN_DATABASE", ClassMissing
	case 82:
		return "DATABASE_ALREADY_EXISTS", ClassExists
	case 101:
		return "UNEXPECTED_PACKET_FROM_CLIENT", ClassOther
	case 115:
		return "UNKNOWN_SETTING", ClassUnsupported
	case 117:
		return "INCORRECT_DATA", ClassOther
	case 122:
		return "INCOMPATIBLE_COLUMNS", ClassOther
	case 139:
		return "NO_ELEMENTS_IN_CONFIG", ClassUnsupported
	case 153:
		return "ILLEGAL_DIVISION", ClassOther
	case 158:
		return "TOO_MANY_ROWS", ClassOther
	case 159:
		return "TIMEOUT_EXCEEDED", ClassTimeout
	case 160:
		return "TOO_SLOW", ClassTimeout
	case 164:
		return "READONLY", ClassAccess
	case 170:
		return "CLUSTER_DOESNT_EXIST", ClassMissing
	case 179:
		return "MULTIPLE_EXPRESSIONS_FOR_ALIAS", ClassSyntax
	case 184:
		return "ILLEGAL_AGGREGATION", ClassSyntax
	case 191:
		return "SET_SIZE_LIMIT_EXCEEDED", ClassMemory
	case 192:
		return "UNKNOWN_USER", ClassAccess
	case 193:
		return "WRONG_PASSWORD", ClassAccess
	case 194:
		return "REQUIRED_PASSWORD", ClassAccess
	case 195:
		return "IP_ADDRESS_NOT_ALLOWED", ClassAccess
	case 198:
		return "DNS_ERROR", ClassNetwork
	case 201:
		return "QUOTA_EXCEEDED", ClassOverload
	case 202:
		return "TOO_MANY_SIMULTANEOUS_QUERIES", ClassOverload
	case 203:
		return "NO_FREE_CONNECTION", ClassOverload
	case 209:
		return "SOCKET_TIMEOUT", ClassTimeout
	case 210:
		return "NETWORK_ERROR", ClassNetwork
	case 215:
		return "NOT_AN_AGGREGATE", ClassSyntax
	case 216:
		return "QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING", ClassOther
	case 218:
		return "TABLE_IS_DROPPED", ClassMissing
	case 219:
		return "DATABASE_NOT_EMPTY", ClassOther
	case 225:
		return "NO_ZOOKEEPER", ClassReadOnly
	case 236:
		return "ABORTED", ClassCancelled
	case 241:
		return "MEMORY_LIMIT_EXCEEDED", ClassMemory
	case 242:
		return "TABLE_IS_READ_ONLY", ClassReadOnly
	case 252:
		return "TOO_MANY_PARTS", ClassOverload
	case 253:
		return "REPLICA_ALREADY_EXISTS", ClassExists
	case 279:
		return "ALL_CONNECTION_TRIES_FAILED", ClassNetwork
	case 285:
		return "TOO_FEW_LIVE_REPLICAS", ClassOverload
	case 286:
		return "UNSATISFIED_QUORUM_FOR_PREVIOUS_WRITE", ClassOverload
	case 307:
		return "TOO_MANY_BYTES", ClassOther
	case 319:
		return "UNKNOWN_STATUS_OF_INSERT", ClassNetwork
	case 341:
		return "UNFINISHED", ClassTimeout
	case 349:
		return "CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN", ClassOther
	case 352:
		return "AMBIGUOUS_COLUMN_NAME", ClassSyntax
	case 359:
		return "TABLE_SIZE_EXCEEDS_MAX_DROP_SIZE_LIMIT", ClassOther
	case 372:
		return "SESSION_NOT_FOUND", ClassNetwork
	case 373:
		return "SESSION_IS_LOCKED", ClassOverload
	case 380:
		return "CANNOT_KILL", ClassOther
	case 384:
		return "PART_IS_TEMPORARILY_LOCKED", ClassOverload
	case 386:
		return "NO_COMMON_TYPE", ClassSyntax
	case 392:
		return "QUERY_IS_PROHIBITED", ClassUnsupported
	case 394:
		return "QUERY_WAS_CANCELLED", ClassCancelled
	case 395:
		return "FUNCTION_THROW_IF_VALUE_IS_NON_ZERO", ClassOther
	case 396:
		return "TOO_MANY_ROWS_OR_BYTES", ClassOther
	case 425:
		return "SYSTEM_ERROR", ClassOther
	case 439:
		return "CANNOT_SCHEDULE_TASK", ClassOverload
	case 452:
		return "SETTING_CONSTRAINT_VIOLATION", ClassAccess
	case 457:
		return "BAD_QUERY_PARAMETER", ClassSyntax
	case 469:
		return "VIOLATED_CONSTRAINT", ClassOther
	case 473:
		return "DEADLOCK_AVOIDED", ClassTimeout
	case 497:
		return "ACCESS_DENIED", ClassAccess
	case 499:
		return "S3_ERROR", ClassOther
	case 514:
		return "ACCESS_STORAGE_READONLY", ClassAccess
	case 516:
		return "AUTHENTICATION_FAILED", ClassAccess
	case 517:
		return "CANNOT_ASSIGN_ALTER", ClassOverload
	case 571:
		return "DATABASE_REPLICATION_FAILED", ClassReadOnly
	case 701:
		return "CLUSTER_DOESNT_EXIST", ClassMissing
	case 735:
		return "QUERY_WAS_CANCELLED_BY_CLIENT", ClassCancelled
	case 745:
		return "SERVER_OVERLOADED", ClassOverload
	case 999:
		return "KEEPER_EXCEPTION", ClassReadOnly
	}
	return "", ClassOther
}
