using System.Text;
using Godwit.Faults;

namespace Godwit.HerokuLocal;

/// <summary>The files of one local Heroku.</summary>
internal sealed class LocalFiles(string folder)
{
    private const UnixFileMode OwnerOnlyFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerOnlyFolder = OwnerOnlyFile | UnixFileMode.UserExecute;

    /// <summary>As root the cluster below runs as another user, who passes through here without being able to look around.</summary>
    private const UnixFileMode PassThrough = OwnerOnlyFolder | UnixFileMode.OtherExecute;

    public string Folder { get; } = Path.GetFullPath(folder);

    public string Cluster => Path.Combine(Folder, "cluster");

    public string State => Path.Combine(Folder, "state.json");

    public string Backups => Path.Combine(Folder, "backups");

    /// <summary>Archives under way; empty when nothing runs.</summary>
    public string Transfers => Path.Combine(Folder, "transfers");

    public string Logs => Path.Combine(Folder, "logs");

    private string TokenFile => Path.Combine(Folder, "token");

    public void Prepare()
    {
        Directory.CreateDirectory(Folder, PassThrough);
        File.SetUnixFileMode(Folder, PassThrough);
        foreach (var own in new[] { Backups, Transfers, Logs })
            Directory.CreateDirectory(own, OwnerOnlyFolder);
    }

    /// <summary>The one in the folder, or a new one written there.</summary>
    public Secret Token()
    {
        if (File.Exists(TokenFile))
            return new(File.ReadAllText(TokenFile).Trim());
        var token = $"HRKU-{Guid.NewGuid()}";
        using var stream = new FileStream(TokenFile, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnlyFile });
        stream.Write(Encoding.ASCII.GetBytes(token + "\n"));
        return new(token);
    }
}
