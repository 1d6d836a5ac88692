package embedded

import (
	"encoding/xml"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestConfigurationIsWellFormedWhateverThePathIs(t *testing.T) {
	for _, kind := range []Kind{Library, Binary} {
		text := configuration(assignment{
			Warehouse: `/tmp/<a> & "b"`,
			Engine:    Engine{Kind: kind},
			Password:  "p&<>",
			Memory:    1 << 30,
		}, ports{tcp: 1, http: 2})
		var document struct {
			Users struct {
				Chmod   *struct{ Networks struct{ IP []string } } `xml:"chmod"`
				Default *struct{}                                 `xml:"default"`
			} `xml:"users"`
			UsersConfig string `xml:"users_config"`
			ListenHost  string `xml:"listen_host"`
		}
		require.NoError(t, xml.Unmarshal([]byte(text), &document))
		require.Equal(t, `/tmp/<a> & "b"/run/config.xml`, document.UsersConfig)
		require.NotContains(t, text, "p&amp;", "the password is there only as a hash")
		require.NotNil(t, document.Users.Chmod)
		if kind == Binary {
			require.Nil(t, document.Users.Default, "a server needs no user but ours")
			require.Equal(t, "127.0.0.1", document.ListenHost)
		}
	}
}

func TestStartupOnlyListensForWhatIsWanted(t *testing.T) {
	require.NotContains(t, startup(false, "/dev/fd/9"), "HTTP")
	require.Contains(t, startup(true, "/dev/fd/9"), "SYSTEM START LISTEN HTTP;")
}

func TestDefaultMemoryIsSensible(t *testing.T) {
	require.GreaterOrEqual(t, defaultMemory(), int64(leastMemory))
	if total := machineMemory(); total > 2*leastMemory {
		require.LessOrEqual(t, defaultMemory(), total/2)
	}
}
