package clickhouse

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEffectOf(t *testing.T) {
	for sql, want := range map[string]effect{
		"SET a = 1":                          effectSet,
		"-- why\n/* because */ set a = 1":    effectSet,
		"SETTINGS":                           effectNone,
		"USE db":                             effectUse,
		"CREATE TEMPORARY TABLE t (a UInt8)": effectTemporary,
		"create or replace temporary table t (a UInt8)": effectTemporary,
		"CREATE TABLE temporary (a UInt8)":              effectNone,
		"CREATE OR REPLACE TABLE t":                     effectNone,
		"INSERT INTO t SELECT 1":                        effectNone,
		"'SET' a":                                       effectNone,
		"":                                              effectNone,
		"ALTER TABLE t MODIFY SETTING SET = 1":          effectNone,
		"SELECT 1 SETTINGS max_threads = 1 -- SET a = 1": effectNone,
	} {
		require.Equal(t, want, effectOf(sql), sql)
	}
}

func TestSettingNames(t *testing.T) {
	require.Equal(t, []string{"a", "b", "c"}, settingNames("SET b = 'x = 1, y = 2', a=1, `c` = -1.5"))
	require.Empty(t, settingNames("SET ROLE admin"))
}

func TestSetSQL(t *testing.T) {
	require.Equal(t, "SET `a` = 1, `b` = 'it\\'s', `c` = 0.5, `d` = -3, `e` = 1",
		setSQL(map[string]any{"b": "it's", "a": 1, "c": 0.5, "d": "-3", "e": true}))
}

func TestSettingText(t *testing.T) {
	for want, value := range map[string]any{"1": true, "0": false, "1000000000": 1e9, "0.25": float32(0.25), "-3": -3, "auto": "auto"} {
		require.Equal(t, want, settingText(value))
	}
}

func TestInsertSQL(t *testing.T) {
	for sql, want := range map[string]string{
		"INSERT INTO t (a, b)":                           "INSERT INTO t(a, b)",
		"INSERT INTO db.t(a)":                            "INSERT INTO db.t(a)",
		"INSERT INTO `d(b`.`t)` (`a (b`, `c`) VALUES":    "INSERT INTO `d\\x28b`.`t\\x29`(`a \\x28b`, `c`)",
		"-- why\nINSERT INTO t (a) SETTINGS x = 1":       "INSERT INTO t(a) SETTINGS x = 1",
		"INSERT INTO TABLE t (a);":                       "INSERT INTO TABLE t(a)",
		"INSERT INTO t (`VALUES`, `FORMAT`) -- so it is": "INSERT INTO t(`VALUES`, `FORMAT`)",
	} {
		got, err := insertSQL(sql)
		require.NoError(t, err, sql)
		require.Equal(t, want, got)
	}
	for _, sql := range []string{"INSERT INTO t", "INSERT INTO t (a", "INSERT INTO FUNCTION f(1) (a)", "INSERT INTO t (a) SELECT f(1)", ""} {
		_, err := insertSQL(sql)
		require.Error(t, err, sql)
	}
}
