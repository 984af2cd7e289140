namespace Godwit.Verify.Queries;

/// <param name="From">File and line: <c>checks.sql:12</c>.</param>
public sealed record UserQuery(string From, string Text)
{
    /// <param name="name">The file's, for messages.</param>
    public static IReadOnlyList<UserQuery> In(string text, string name)
    {
        using var reader = new StringReader(text);
        return [.. new SqlSplitter(reader).Statements().Select(one => new UserQuery($"{name}:{one.Line}", one.Text))];
    }
}
