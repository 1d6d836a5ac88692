package clickhouse

import (
	"crypto/tls"
	"errors"
	"fmt"
	"time"

	driver "github.com/ClickHouse/clickhouse-go/v2"
)

// forever stands for no limit where the driver insists on one.
const forever = 10 * 365 * 24 * time.Hour

// options are the driver's options for one connection of its own.
func options(c Config) (*driver.Options, error) {
	o := &driver.Options{
		Protocol:    driver.Native,
		Addr:        c.addresses(),
		Auth:        driver.Auth{Database: c.Database, Username: c.User, Password: c.Password},
		DialTimeout: c.ConnectTimeout,
		// wire keeps time instead, by silence and not by duration.
		ReadTimeout:      forever,
		ConnMaxLifetime:  forever,
		MaxOpenConns:     1,
		MaxIdleConns:     1,
		ConnOpenStrategy: driver.ConnOpenInOrder,
	}
	o.ClientInfo.Products = append(o.ClientInfo.Products, struct{ Name, Version string }{"chmod", ""})
	switch c.Driver {
	case Native:
	case HTTP:
		o.Protocol = driver.HTTP
	default:
		return nil, fmt.Errorf("driver %q is neither %q nor %q", c.Driver, Native, HTTP)
	}
	var err error
	if o.Compression, err = compression(c); err != nil {
		return nil, err
	}
	if o.TLS, err = tlsConfig(c); err != nil {
		return nil, err
	}
	return o, nil
}

func compression(c Config) (*driver.Compression, error) {
	methods := map[string]driver.CompressionMethod{
		"lz4": driver.CompressionLZ4, "true": driver.CompressionLZ4, "zstd": driver.CompressionZSTD,
	}
	if c.Driver == HTTP {
		methods["gzip"], methods["deflate"], methods["br"] =
			driver.CompressionGZIP, driver.CompressionDeflate, driver.CompressionBrotli
	}
	switch c.Compression {
	case "", "none", "false":
		return nil, nil
	}
	method, ok := methods[c.Compression]
	if !ok {
		return nil, fmt.Errorf("compression %q is not known for driver %q", c.Compression, c.Driver)
	}
	level := 0
	if method >= driver.CompressionGZIP {
		level = 3
	}
	return &driver.Compression{Method: method, Level: level}, nil
}

// tlsConfig is nil when the connection is not secured.
func tlsConfig(c Config) (*tls.Config, error) {
	if !c.Secure {
		if c.ClientCert != "" {
			return nil, errors.New("a client certificate needs secure: true")
		}
		return nil, nil
	}
	t := &tls.Config{
		MinVersion:         tls.VersionTLS12,
		ServerName:         c.ServerHostName,
		InsecureSkipVerify: c.NoVerify, //nolint:gosec // asked for by the profile
	}
	if c.ClientCert != "" {
		key := c.ClientCertKey
		if key == "" {
			key = c.ClientCert
		}
		pair, err := tls.LoadX509KeyPair(c.ClientCert, key)
		if err != nil {
			return nil, fmt.Errorf("read the client certificate: %w", err)
		}
		t.Certificates = []tls.Certificate{pair}
	}
	return t, nil
}
