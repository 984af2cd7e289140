namespace Godwit.Verify.Schema;

/// <summary>One object of a database's schema, or one thing that can be different about it by itself (a grant, a
/// comment).</summary>
/// <param name="Class">As PostgreSQL calls it: <c>table</c>, <c>index</c>, <c>comment</c>.</param>
/// <param name="Name">With its schema, and its table where it belongs to one: the same on both sides.</param>
/// <param name="Text">All that is said of it in the catalogs, written alike by every major version.</param>
internal sealed record SchemaObject(string Class, string Name, string Text)
{
    /// <summary>Tells it from every other object of the database, of whatever class.</summary>
    public required string Key { get; init; }

    /// <summary>Keys of what it belongs to: where one of these is missing, this is missing with it.</summary>
    public IReadOnlyList<string> PartOf { get; init; } = [];

    /// <summary>Compared and never shown: passwords may be in it.</summary>
    public string Hidden { get; init; } = "";

    /// <summary>Options that Godwit does not know, as the server has them; empty: there are none.</summary>
    public string Unknown { get; init; } = "";

    /// <summary>As its server printed it; null: it has no definition that another server could print
    /// differently.</summary>
    public PrintedObject? Printed { get; init; }

    /// <summary>Of a column in its table; 0: it has no place.</summary>
    public int Position { get; init; }

    /// <summary>The lines of <see cref="Text"/> that it would have if nobody had said anything; null: it has none. Only
    /// of grants.</summary>
    public IReadOnlyList<string>? Usual { get; init; }
}
