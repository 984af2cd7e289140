using Godwit.Faults;

namespace Godwit.Verify.Queries;

public static class QueryFile
{
    /// <summary>In order; at least one statement.</summary>
    /// <exception cref="FaultException"><c>verify.query_file</c>: the file cannot be read, or has nothing to
    /// run.</exception>
    public static IReadOnlyList<UserQuery> Read(string path)
    {
        var queries = UserQuery.In(TextOf(path), Path.GetFileName(path));
        if (queries.Count == 0)
            throw new FaultException(VerifyFaults.QueryFile(path, "it holds no statement"));
        if (queries.FirstOrDefault(query => query.Text.StartsWith('\\')) is { } command)
            throw new FaultException(VerifyFaults.QueryFile(path, $"it has a command of psql ({command.From})"));
        return queries;
    }

    private static string TextOf(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new FaultException(VerifyFaults.QueryFile(path, $"it cannot be read: {e.Message.TrimEnd('.')}"), e);
        }
    }
}
