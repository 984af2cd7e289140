using Godwit.Proof;

namespace Godwit.Tests.Verify;

/// <summary>Verdicts with everything in them, and names that nobody would choose.</summary>
internal static class Verdicts
{
    private const string Odd = "\"Odd Names\".\"<b>Tea</b> & \u001b[31m'n'\"";

    private static readonly DateTimeOffset At = new(2026, 11, 21, 6, 14, 0, TimeSpan.Zero);

    /// <summary>Five hundred equal tables, and what differs among them.</summary>
    public static Verdict Differs { get; } = Of([
        .. Enumerable.Range(1, 500).Select(i => Equal($"public.t_{i:000}", i * 1000L)),
        new("public.orders", Outcome.Different, 1_204_331, 1_204_330)
        {
            Bytes = 412_000_000, SourceHash = 0xf00dfeedf00dfeed, TargetHash = 0x0123456789abcdef,
            Took = TimeSpan.FromSeconds(3.21), Why = "2 missing, 1 extra, 31 changed",
            Rows = new(2, 1, 31, ["id"],
            [
                new(RowDifferenceKind.Changed, [new("id", "100")], 1,
                    [new("amount", "12.50", "12.5"), new("note", null, "", "NULL at the source")]),
                new(RowDifferenceKind.Missing, [new("id", "17")], 1, []),
                new(RowDifferenceKind.Extra, [new("id", "99")], 1, []),
            ]),
        },
        new(Odd, Outcome.Different, 7, null) { Why = "it is not there" },
        new("public.log", Outcome.Different, 100, 98)
        {
            Bytes = 8192, SourceHash = 1, TargetHash = 2, Took = TimeSpan.FromMilliseconds(12),
            Rows = new(2, 0, 0, [],
                [new(RowDifferenceKind.Missing, [new("msg", "twice\nsaid"), new("at", null)], 2, [])]),
        },
        new("(large objects)", Outcome.Different, 3, 3)
        {
            Bytes = 3_000_000, SourceHash = 5, TargetHash = 6, Took = TimeSpan.FromMilliseconds(90),
            Rows = new(0, 0, 1, ["oid"], [new(RowDifferenceKind.Changed, [new("oid", "7002")], 1,
                [new("bytes", "3,000,000 bytes", "3,000,000 bytes", "as long, with other contents")])]),
        },
    ]) with
    {
        Objects =
        [
            new("index", "public.orders_at_idx", Outcome.Different, "on public.orders\nusing btree\nkeys: at\nvalid",
                "on public.orders\nusing btree\nkeys: at\nnot valid"),
            new("trigger", "public.orders shout", Outcome.Different, "before insert\ncalls public.shout()", null),
            new("view", Odd, Outcome.Different, null, "SELECT 1"),
            new("grant", "public.orders to reporting", Outcome.Expected, "SELECT", null, "the target has no such role"),
        ],
        Queries =
        [
            new("checks.sql:1", Outcome.Equal, 12, 12),
            new("checks.sql:4", Outcome.Different, 3, 3, "row 2: total is '7' at the source and '8' at the target"),
            new("checks.sql:9", Outcome.NotCompared, 0, 0, "both sides say: relation \"nowhere\" does not exist"),
        ],
        Omissions = [new("public.remote", "its rows are on another server: it is a foreign table", HoldsData: true),
            new("event triggers", "the source says: permission denied", HoldsData: false)],
    };

    public static Verdict Proven { get; } = Of([Equal("public.customers", 300), Equal("public.orders", 2000),
        Equal("(large objects)", 3)]);

    public static Verdict ProvenExcept { get; } =
        Proven with { Objects = [Differs.Objects[3]], Omissions = [Differs.Omissions[1]] };

    public static Verdict NotProven { get; } = Proven with { Omissions = [Differs.Omissions[0]] };

    public static Verdict Read(this Verdict verdict) => VerdictJson.Read(VerdictJson.Write(verdict));

    private static TableVerdict Equal(string name, long rows) => new(name, Outcome.Equal, rows, rows)
    {
        Bytes = rows * 80, SourceHash = (ulong)rows * 0x9e3779b97f4a7c15, TargetHash = (ulong)rows * 0x9e3779b97f4a7c15,
        Took = TimeSpan.FromMilliseconds(rows / 10.0),
    };

    private static Verdict Of(IReadOnlyList<TableVerdict> tables) => new()
    {
        Level = VerifyLevel.Checksums,
        Source = "limosa@db.example.com:5432/shop",
        Target = "u1@ec2.example.com:5432/d1",
        BegunAt = At,
        Took = TimeSpan.FromSeconds(75.5),
        Tables = tables,
        ObjectsCompared = 1234,
        Objects = [],
        Queries = [],
        Omissions = [],
    };
}
