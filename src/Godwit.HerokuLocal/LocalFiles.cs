using System.Text;
using System.Text.Json;
using Godwit.Faults;

namespace Godwit.HerokuLocal;

/// <summary>The files of one local Heroku.</summary>
internal sealed class LocalFiles(string folder)
{
    private const UnixFileMode OwnerOnlyFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerOnlyFolder = OwnerOnlyFile | UnixFileMode.UserExecute;

    // As root, the cluster runs as another user, who may pass through this folder but not list it.
    private const UnixFileMode PassThrough = OwnerOnlyFolder | UnixFileMode.OtherExecute;

    public string Folder { get; } = Path.GetFullPath(folder);

    public string Cluster => Path.Combine(Folder, "cluster");

    public string State => Path.Combine(Folder, "state.json");

    public string Backups => Path.Combine(Folder, "backups");

    /// <summary>Archives of running transfers.</summary>
    public string Transfers => Path.Combine(Folder, "transfers");

    public string Logs => Path.Combine(Folder, "logs");

    /// <summary>Describes the server that uses this folder; only exists while one runs.</summary>
    public string Running => Path.Combine(Folder, "running.json");

    public string TokenFile => Path.Combine(Folder, "token");

    /// <exception cref="FaultException"><c>heroku_local.folder_unusable</c>.</exception>
    public void Prepare()
    {
        try
        {
            Directory.CreateDirectory(Folder, PassThrough);
            File.SetUnixFileMode(Folder, PassThrough);
            foreach (var own in new[] { Backups, Transfers, Logs })
                Directory.CreateDirectory(own, OwnerOnlyFolder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(e);
        }
    }

    /// <summary>Atomic, because another process waits for the file.</summary>
    public void Announce(RunningHerokuLocal running)
    {
        File.WriteAllText(Running + ".next", JsonSerializer.Serialize(running));
        File.Move(Running + ".next", Running, overwrite: true);
    }

    /// <summary>From the user's own file.</summary>
    /// <exception cref="FaultException"><c>heroku_local.token_missing</c>.</exception>
    public static Secret ReadToken(string file)
    {
        try
        {
            var token = File.ReadLines(file).FirstOrDefault()?.Trim() ?? "";
            return token.Length > 0 ? new(token) : throw new FaultException(HerokuLocalFaults.TokenMissing(file,
                "its first line is empty"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(HerokuLocalFaults.TokenMissing(file, e.Message), e);
        }
    }

    /// <summary>From the folder; a new one is written there.</summary>
    /// <exception cref="FaultException"><c>heroku_local.folder_unusable</c>.</exception>
    public Secret Token()
    {
        try
        {
            // A full disk leaves an empty file.
            if (File.Exists(TokenFile) && File.ReadAllText(TokenFile).Trim() is { Length: > 0 } kept)
                return new(kept);
            var token = $"HRKU-{Guid.NewGuid()}";
            using var stream = new FileStream(TokenFile, new FileStreamOptions
            {
                Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnlyFile, BufferSize = 0,
            });
            stream.Write(Encoding.ASCII.GetBytes(token + "\n"));
            return new(token);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(e);
        }
    }

    private FaultException Unusable(Exception e) =>
        new(HerokuLocalFaults.FolderUnusable(Folder, e.Message.TrimEnd('.')), e);
}
