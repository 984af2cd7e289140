using Godwit.Proof;

namespace Godwit.Verify.Schema;

/// <param name="Objects">Those that differ or are expected to.</param>
/// <param name="Compared">Objects on either side. Comments, grants and the like count separately.</param>
internal sealed record SchemaResult(
    IReadOnlyList<ObjectVerdict> Objects, long Compared, IReadOnlyList<Omission> Omissions)
{
    /// <summary>Source tables whose extension is missing at the target, as expected, each with the reason.</summary>
    public IReadOnlyDictionary<string, string> TablesLeftOut { get; init; } = new Dictionary<string, string>();

    /// <summary>By the target, because both sides print them differently.</summary>
    public long DefinitionsPrinted { get; init; }
}

/// <param name="Source">Null: missing.</param>
internal sealed record SchemaPair(SchemaObject? Source, SchemaObject? Target)
{
    public SchemaObject Any => (Source ?? Target)!;

    public bool IsEqual =>
        Source is not null && Target is not null && Source.Text == Target.Text && Source.Hidden == Target.Hidden;

    /// <summary>Lines of one side only.</summary>
    public IReadOnlyList<string> Differing
    {
        get
        {
            var (source, target) = ((Source?.Text ?? "").Split('\n'), (Target?.Text ?? "").Split('\n'));
            return [.. source.Except(target), .. target.Except(source)];
        }
    }
}
