namespace Godwit.Verify.Schema;

/// <summary>One object of a database's schema, or one thing that can be different about it by itself (a grant, a comment).</summary>
/// <param name="Class">As PostgreSQL calls it: <c>table</c>, <c>index</c>, <c>comment</c>.</param>
/// <param name="Name">With its schema, and its table where it belongs to one: the same on both sides.</param>
/// <param name="Text">All that is said of it in the catalogs, written alike by every major version.</param>
internal sealed record SchemaObject(string Class, string Name, string Text);
