using Godwit.Faults;

namespace Godwit.Tests.Faults;

public sealed class NamedTests
{
    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "t1")]
    [InlineData(5, "t1, t2, t3, t4, t5")]
    [InlineData(6, "t1, t2, t3, t4, t5 and 1 more")]
    [InlineData(1_205, "t1, t2, t3, t4, t5 and 1,200 more")]
    public void Five_are_named_and_the_others_counted(int all, string said) =>
        Assert.Equal(said, Phrase.List(Things(all)));

    [Fact]
    public void Those_that_were_never_read_are_counted_too() =>
        Assert.Equal("t1, t2 and 40 more", Phrase.List(Things(2), 42));

    [Theory]
    [InlineData(5, "t1; t2; t3; t4; t5")]
    [InlineData(7, "t1; t2; t3; t4; t5; and 2 more")]
    public void Clauses_are_held_apart_by_what_none_of_them_holds(int all, string said) =>
        Assert.Equal(said, Phrase.ListClauses(Things(all)));

    [Fact]
    public void One_is_not_several()
    {
        Assert.Equal(["0 tables", "1 table", "1,200 tables"],
            new long[] { 0, 1, 1_200 }.Select(number => Phrase.Count(number, "table")));
        Assert.Equal(["1 policy", "2 policies"],
            new long[] { 1, 2 }.Select(number => Phrase.Count(number, "policy", "policies")));
    }

    [Theory]
    [InlineData("public.total(customer integer, at date)", "public.total(customer integer, at date)")]
    [InlineData("EXECUTE ON ROUTINE public.f(a integer, b text, c timestamp with time zone, d numeric, e jsonb)",
        "EXECUTE ON ROUTINE public.f(a integer, …)")]
    [InlineData("public.f(a integer, b text, c timestamp with time zone, d numeric, e jsonb) of shop",
        "public.f(a integer, …) of shop")]
    [InlineData("report (12 tables, 3 sequences, 4 functions, 1 schema, 1 type, 1 server, 3 views)",
        "report (12 tables, 3 sequences, 4 functions, 1 schema, 1 type, 1 server, 3 views)")]
    public void A_routine_is_named_without_the_rest_of_its_arguments(string name, string said) =>
        Assert.Equal(said, Phrase.List([name]));

    private static string[] Things(int all) => [.. Enumerable.Range(1, all).Select(number => $"t{number}")];
}
