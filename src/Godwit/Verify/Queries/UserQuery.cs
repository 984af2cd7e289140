namespace Godwit.Verify.Queries;

/// <summary>A statement whose results are compared.</summary>
/// <param name="From">File and line, e.g. <c>checks.sql:12</c>.</param>
public sealed record UserQuery(string From, string Text)
{
    /// <summary>The statements of a text, in order.</summary>
    /// <param name="name">The file's name, for messages.</param>
    public static IReadOnlyList<UserQuery> In(string text, string name)
    {
        using var reader = new StringReader(text);
        return [.. new SqlSplitter(reader).Statements().Select(one => new UserQuery($"{name}:{one.Line}", one.Text))];
    }
}
