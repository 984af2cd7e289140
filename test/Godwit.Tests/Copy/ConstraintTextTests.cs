using Godwit.Copy.Definitions;

namespace Godwit.Tests.Copy;

/// <summary>Statements as pg_dump writes them.</summary>
public sealed class ConstraintTextTests
{
    [Theory]
    [InlineData(
        "ALTER TABLE ONLY public.orders\n    ADD CONSTRAINT orders_pkey PRIMARY KEY (id);",
        "CREATE UNIQUE INDEX orders_pkey ON public.orders USING btree (id);",
        "ALTER TABLE ONLY public.orders ADD CONSTRAINT orders_pkey PRIMARY KEY USING INDEX orders_pkey ;")]
    [InlineData(
        "ALTER TABLE ONLY \"public\".\"system_user\"\n"
        + "    ADD CONSTRAINT \"unique\" UNIQUE (\"id\") WITH (\"fillfactor\"='70');",
        "CREATE UNIQUE INDEX \"unique\" ON \"public\".\"system_user\" USING btree (\"id\") WITH (\"fillfactor\"='70');",
        "ALTER TABLE ONLY \"public\".\"system_user\" ADD CONSTRAINT \"unique\" UNIQUE USING INDEX \"unique\" ;")]
    [InlineData(
        "ALTER TABLE ONLY \"Odd; \"\"schema\"\"\".\"a ADD b\"\n    ADD CONSTRAINT \"k (1)\" "
        + "UNIQUE NULLS NOT DISTINCT (\"x) y\", b) INCLUDE (c) WITH (fillfactor='70') DEFERRABLE INITIALLY DEFERRED;",
        "CREATE UNIQUE INDEX \"k (1)\" ON \"Odd; \"\"schema\"\"\".\"a ADD b\" "
        + "USING btree (\"x) y\", b) INCLUDE (c) NULLS NOT DISTINCT WITH (fillfactor='70');",
        "ALTER TABLE ONLY \"Odd; \"\"schema\"\"\".\"a ADD b\" ADD CONSTRAINT \"k (1)\" UNIQUE "
        + "USING INDEX \"k (1)\" DEFERRABLE INITIALLY DEFERRED;")]
    [InlineData(
        "ALTER TABLE ONLY a.b\n    ADD CONSTRAINT k UNIQUE (x);\n\nALTER TABLE a.b CLUSTER ON k;\n",
        "CREATE UNIQUE INDEX k ON a.b USING btree (x);",
        "ALTER TABLE ONLY a.b ADD CONSTRAINT k UNIQUE USING INDEX k ;\n\nALTER TABLE a.b CLUSTER ON k;\n")]
    public void The_index_of_a_key_is_built_by_itself_and_taken_over(
        string definition, string index, string constraint) =>
        Assert.Equal((index, constraint), ConstraintText.OfIndex(definition));

    [Theory]
    [InlineData("ALTER TABLE ONLY a.b\n    ADD CONSTRAINT k EXCLUDE USING gist (x WITH &&);")]
    [InlineData("ALTER TABLE ONLY a.b\n    ADD CONSTRAINT k PRIMARY KEY (id, valid WITHOUT OVERLAPS);")]
    [InlineData("ALTER TABLE ONLY a.b\n    ADD CONSTRAINT k PRIMARY KEY (id) USING INDEX TABLESPACE fast;")]
    [InlineData("ALTER TABLE a.b\n    ADD CONSTRAINT k CHECK ((x > 0)) NOT VALID;")]
    public void What_cannot_be_in_two_steps_stays_one(string definition) =>
        Assert.Null(ConstraintText.OfIndex(definition));

    [Fact]
    public void A_foreign_key_is_made_first_and_looked_through_then() => Assert.Equal(
        ("ALTER TABLE ONLY a.b\n    ADD CONSTRAINT k FOREIGN KEY (x) REFERENCES a.c(id) ON DELETE CASCADE NOT VALID;",
            "ALTER TABLE ONLY a.b VALIDATE CONSTRAINT k;"),
        ConstraintText.OfForeignKey(
            "ALTER TABLE ONLY a.b\n    ADD CONSTRAINT k FOREIGN KEY (x) REFERENCES a.c(id) ON DELETE CASCADE;"));

    [Theory]
    [InlineData("ALTER TABLE ONLY a.b\n    ADD CONSTRAINT k FOREIGN KEY (x) REFERENCES a.c(id) NOT VALID;")]
    [InlineData("ALTER TABLE ONLY a.b\n    ADD CONSTRAINT k FOREIGN KEY (x) REFERENCES a.c(id) NOT ENFORCED;")]
    [InlineData("ALTER TABLE a.partitioned\n    ADD CONSTRAINT k FOREIGN KEY (x) REFERENCES a.c(id);")]
    public void One_that_is_not_looked_through_at_the_source_is_not_here(string definition) =>
        Assert.Null(ConstraintText.OfForeignKey(definition));

    [Theory]
    [InlineData("CREATE INDEX a ON t USING btree (x);", "CREATE INDEX a ON t USING btree (x);", "")]
    [InlineData("CREATE INDEX a ON t USING btree (x) WHERE y = ';';\n\nALTER TABLE t CLUSTER ON a;",
        "CREATE INDEX a ON t USING btree (x) WHERE y = ';';", "ALTER TABLE t CLUSTER ON a;")]
    public void What_stands_behind_an_index_is_for_later(string definition, string first, string behind) =>
        Assert.Equal((first, behind), ConstraintText.OfFirst(definition));
}
