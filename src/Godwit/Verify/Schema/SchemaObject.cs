namespace Godwit.Verify.Schema;

/// <summary>One object of a schema, or a property of it that is compared separately (a grant, a comment).</summary>
/// <param name="Class">PostgreSQL's term: <c>table</c>, <c>index</c>, <c>comment</c>.</param>
/// <param name="Name">With schema, and with table if it belongs to one: the same on both sides.</param>
/// <param name="Text">All its facts from the catalogs, written the same for every major version.</param>
internal sealed record SchemaObject(string Class, string Name, string Text)
{
    /// <summary>Unique in the database, across classes.</summary>
    public required string Key { get; init; }

    /// <summary>Keys of objects it belongs to: if one of them is missing, so is this one.</summary>
    public IReadOnlyList<string> PartOf { get; init; } = [];

    /// <summary>Compared but never shown, because it may hold passwords.</summary>
    public string Hidden { get; init; } = "";

    /// <summary>Options that Godwit does not know, as stored; empty: none.</summary>
    public string Unknown { get; init; } = "";

    /// <summary>The text its server printed; null: it has no definition that servers could print differently.</summary>
    public PrintedObject? Printed { get; init; }

    /// <summary>A column's place in its table; 0: none.</summary>
    public int Position { get; init; }

    /// <summary>For grants: the default lines of <see cref="Text"/>; null: none.</summary>
    public IReadOnlyList<string>? Usual { get; init; }
}
