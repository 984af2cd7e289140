using Godwit.Proof;

namespace Godwit.Verify.Schema;

/// <summary>What came of comparing two schemas.</summary>
/// <param name="Objects">Those that differ, or are expected to, each under its class and name.</param>
/// <param name="Compared">How many there were, on either side; what is said of an object (a comment, a grant) is
/// counted by itself.</param>
internal sealed record SchemaResult(
    IReadOnlyList<ObjectVerdict> Objects, long Compared, IReadOnlyList<Omission> Omissions)
{
    /// <summary>Tables at the source whose extension is not at the target, as was to be expected, each with the
    /// reason.</summary>
    public IReadOnlyDictionary<string, string> TablesLeftOut { get; init; } = new Dictionary<string, string>();

    /// <summary>How many definitions the target printed because both sides print them differently.</summary>
    public long DefinitionsPrinted { get; init; }
}

/// <summary>One object under one key, on both sides.</summary>
/// <param name="Source">Null: it is not there.</param>
internal sealed record SchemaPair(SchemaObject? Source, SchemaObject? Target)
{
    public SchemaObject Any => (Source ?? Target)!;

    public bool IsEqual =>
        Source is not null && Target is not null && Source.Text == Target.Text && Source.Hidden == Target.Hidden;

    /// <summary>Lines that only one of them has.</summary>
    public IReadOnlyList<string> Differing
    {
        get
        {
            var (source, target) = ((Source?.Text ?? "").Split('\n'), (Target?.Text ?? "").Split('\n'));
            return [.. source.Except(target), .. target.Except(source)];
        }
    }
}
