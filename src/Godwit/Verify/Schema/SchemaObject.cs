namespace Godwit.Verify.Schema;

/// <summary>One object of a schema, or a property that is compared separately (a grant, a comment).</summary>
/// <param name="Class">PostgreSQL's term: <c>table</c>, <c>index</c>, <c>comment</c>.</param>
/// <param name="Name">With schema, and table if it has one: the same on both sides.</param>
/// <param name="Text">All facts from the catalogs, written the same for every major version.</param>
internal sealed record SchemaObject(string Class, string Name, string Text)
{
    /// <summary>Unique in the database, across classes.</summary>
    public required string Key { get; init; }

    /// <summary>Keys of objects it belongs to: if one is missing, so is this one.</summary>
    public IReadOnlyList<string> PartOf { get; init; } = [];

    /// <summary>Compared but never shown: it may hold passwords.</summary>
    public string Hidden { get; init; } = "";

    /// <summary>Options that Godwit does not know, as stored; empty: none.</summary>
    public string Unknown { get; init; } = "";

    /// <summary>Its server's text; null: no definition that servers could print differently.</summary>
    public PrintedObject? Printed { get; init; }

    /// <summary>Of a column in its table; 0: none.</summary>
    public int Position { get; init; }

    /// <summary>Default lines of a grant's <see cref="Text"/>; null: none.</summary>
    public IReadOnlyList<string>? Usual { get; init; }
}
