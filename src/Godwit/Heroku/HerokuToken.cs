using Godwit.Faults;

namespace Godwit.Heroku;

/// <summary>The API token and its origin, for the fault that Heroku does not accept it.</summary>
/// <param name="Warning">A problem that does not stop the run, e.g. a ~/.netrc that all users can read. Null:
/// none.</param>
public sealed record HerokuToken(Secret Value, string Origin, string? Warning = null)
{
    // A netrc file has a few lines; a larger one is not read.
    private const long NetrcBytesMax = 1024 * 1024;

    /// <summary>HEROKU_API_KEY, else the <c>machine</c> of this Heroku in ~/.netrc.</summary>
    /// <exception cref="FaultException">There is no token, or it cannot be read.</exception>
    public static HerokuToken Find(Func<string, string?> environment, HerokuEndpoints endpoints)
    {
        if (environment("HEROKU_API_KEY") is { } key && !string.IsNullOrWhiteSpace(key))
            return Checked(new(key.Trim()), "HEROKU_API_KEY", warning: null);

        var path = Path.Combine(environment("HOME") ?? "/", ".netrc");
        var looked =
            File.Exists(path) ? $"{path} has no line for 'machine {endpoints.NetrcMachine}'" : $"{path} does not exist";
        if (File.Exists(path) && Netrc.FindPassword(Read(path), endpoints.NetrcMachine) is { } password)
            return Checked(password, path, WarningAbout(path));
        if (environment("HEROKU_API_TOKEN") is { Length: > 0 })
            looked += "; HEROKU_API_TOKEN is set, but the variable Heroku reads is HEROKU_API_KEY";
        throw new FaultException(HerokuFaults.NoToken(endpoints.NetrcMachine, looked));
    }

    private static HerokuToken Checked(Secret token, string origin, string? warning)
    {
        // A header value with a line break in it would be two headers.
        if (token.IsEmpty || !token.Reveal().All(c => c is > ' ' and < '\u007f'))
            throw new FaultException(HerokuFaults.TokenMalformed(origin));
        return new HerokuToken(token, origin, warning);
    }

    private static string Read(string path)
    {
        try
        {
            return new FileInfo(path).Length <= NetrcBytesMax
                ? File.ReadAllText(path)
                : throw new FaultException(HerokuFaults.NetrcUnreadable(path,
                    "it is larger than 1 MB, which no netrc file is"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(HerokuFaults.NetrcUnreadable(path, e.Message), e);
        }
    }

    private static string? WarningAbout(string path)
    {
        const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead
            | UnixFileMode.OtherWrite;
        return !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & others) != 0
            ? $"{path} holds your Heroku token and is open to other users; close it: chmod 600 {path}"
            : null;
    }
}
