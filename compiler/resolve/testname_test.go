package resolve

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/chmod-sql/chmod/compiler/value"
)

// Names and hashes as dbt 1.11 gave them to the same tests.
func TestNamesAndHashesOfTestsAreThoseOfDbt(t *testing.T) {
	list := value.NewList
	model := func(name string) string { return "{{ get_where_subquery(ref('" + name + "')) }}" }
	for _, c := range []struct {
		test, namespace, target string
		kwargs                  *value.Dict
		id, alias               string
	}{
		{
			test: "unique", target: "customers",
			kwargs: value.DictOf("column_name", "customer_id", "model", model("customers")),
			id:     "unique_customers_customer_id.c5af1ff4b1",
		},
		{
			test: "relationships", target: "orders",
			kwargs: value.DictOf("column_name", "customer_id", "to", "ref('customers')", "field", "customer_id", "model", model("orders")),
			id:     "relationships_orders_customer_id__customer_id__ref_customers_.c6ec7f58f2",
		},
		{
			test: "accepted_values", target: "orders",
			kwargs: value.DictOf("column_name", "status",
				"values", list("placed", "shipped", "completed", "return_pending", "returned"), "model", model("orders")),
			id:    "accepted_values_orders_status__placed__shipped__completed__return_pending__returned.be6b5b5ec3",
			alias: "accepted_values_orders_1ce6ab157c285f7cd2ac656013faf758",
		},
		{
			test: "accepted_values", target: "stg_payments",
			kwargs: value.DictOf("column_name", "payment_method", "values", "{{ var('payment_methods') }}", "model", model("stg_payments")),
			id:     "accepted_values_stg_payments_payment_method___var_payment_methods_.f51ef50a30",
			alias:  "accepted_values_stg_payments_787d970bebfe4c4d43afd58438d554ea",
		},
		{
			// Booleans, numbers, None and both kinds of quotes, as Python prints them.
			test: "accepted_values", target: "orders",
			kwargs: value.DictOf("column_name", "status",
				"values", list(true, false, 1.5, nil, `it's "q"`), "quote", false, "model", model("orders")),
			id:    "accepted_values_orders_status__False__True__False__1_5__None__it_s_q_.ea7aa9df69",
			alias: "accepted_values_orders_cc3e76af97c06aa2d905a0a3f719d3e5",
		},
		{
			test: "even", namespace: "toolbox", target: "orders",
			kwargs: value.DictOf("column_name", "id + 1", "model", model("orders")),
			id:     "toolbox_even_orders_id_1.f9b5fc1f51",
		},
		{
			test: "unique", target: "orders",
			kwargs: value.DictOf("column_name", `"id"`, "model", model("orders")),
			id:     "unique_orders__id_.0b39cfc694",
		},
	} {
		own := c.test
		if c.namespace != "" {
			own = c.namespace + "_" + c.test
		}
		short, full := testNames(own, c.target, c.kwargs)
		require.Equal(t, c.id, full+"."+testHash(full, c.test, c.namespace, c.kwargs))
		if c.alias == "" {
			c.alias = full
		}
		require.Equal(t, c.alias, short)
	}
}
