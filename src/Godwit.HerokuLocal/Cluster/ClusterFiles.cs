using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Godwit.Faults;

namespace Godwit.HerokuLocal.Cluster;

/// <summary>Paths and contents of one cluster's files.</summary>
internal sealed class ClusterFiles(string folder)
{
    // The kernel limits a socket's path to 108 bytes; PostgreSQL appends /.s.PGSQL.65535.lock.
    private const int SocketFolderBytesMax = 80;

    private const UnixFileMode OwnerOnlyFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite
        | UnixFileMode.UserExecute;
    private const UnixFileMode OwnerOnlyFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // For clusters without durability. PostgreSQL's default of 1 GB is too much for a few megabytes of data, when a
    // test run opens a dozen clusters.
    private const string WalMax = "128MB";

    // What a fault shows of the server's log.
    private const int LogTailBytesMax = 4096;

    public string Folder { get; } = Path.GetFullPath(folder);

    public string Data => Path.Combine(Folder, "data");

    public string Log => Path.Combine(Folder, "postgres.log");

    public string PidFile => Path.Combine(Data, "postmaster.pid");

    public string Certificate => Path.Combine(Data, "server.crt");

    public bool HasCluster => File.Exists(Path.Combine(Data, "PG_VERSION")) && File.Exists(PasswordFile);

    public int Major =>
        int.Parse(File.ReadAllText(Path.Combine(Data, "PG_VERSION")).Trim(), CultureInfo.InvariantCulture);

    public long LogLength => File.Exists(Log) ? new FileInfo(Log).Length : 0;

    // Outside of data/, and written last: without it the cluster does not count as created.
    private string PasswordFile => Path.Combine(Folder, "superuser.password");

    private string LockFile => Path.Combine(Folder, "godwit.lock");

    /// <summary>For one process at a time; the kernel releases the lock when that process dies.</summary>
    public FileStream Lock()
    {
        Directory.CreateDirectory(Folder, OwnerOnlyFolder);
        File.SetUnixFileMode(Folder, OwnerOnlyFolder);
        try
        {
            return new FileStream(LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new FaultException(HerokuLocalFaults.FolderInUse(Folder), e);
        }
    }

    /// <summary>Null: the path is too long for a socket.</summary>
    public string? SocketFolder => Encoding.UTF8.GetByteCount(Folder) <= SocketFolderBytesMax ? Folder : null;

    /// <summary>Locked by any process.</summary>
    public bool IsLocked
    {
        get
        {
            try
            {
                using var look = new FileStream(LockFile, FileMode.Open, FileAccess.Read, FileShare.Read);
                return false;
            }
            catch (FileNotFoundException)
            {
                return false;
            }
            catch (IOException)
            {
                return true;
            }
        }
    }

    /// <summary>Deletes a half-made cluster of a run that died in initdb; refuses a folder with other files.</summary>
    public void Prepare()
    {
        var strangers = Directory.EnumerateFileSystemEntries(Folder).Select(Path.GetFileName)
            .Except(["data", "godwit.lock", "postgres.log", "initdb.password"], StringComparer.Ordinal);
        if (strangers.Any())
            throw new FaultException(HerokuLocalFaults.FolderNotOurs(Folder));
        if (Directory.Exists(Data))
            Directory.Delete(Data, recursive: true);
    }

    /// <summary>As root, the server runs as another user, who needs access to all parent folders.</summary>
    public void RequireReachable(string user)
    {
        for (var parent = Path.GetDirectoryName(Folder); !string.IsNullOrEmpty(parent); parent =
            Path.GetDirectoryName(parent))
        {
            if ((File.GetUnixFileMode(parent) & UnixFileMode.OtherExecute) == 0)
                throw new FaultException(HerokuLocalFaults.FolderUnreachable(Folder, parent, user));
        }
    }

    public string WriteInitPassword(Secret password)
    {
        var file = Path.Combine(Folder, "initdb.password");
        WriteOwnerOnly(file, password.Reveal());
        return file;
    }

    public void WritePassword(Secret password) => WriteOwnerOnly(PasswordFile, password.Reveal());

    public Secret ReadPassword() => new(File.ReadAllText(PasswordFile));

    public void WriteCertificate(TimeProvider clock)
    {
        var (certificate, key) = ServerCertificate.Create(clock);
        WriteOwnerOnly(Certificate, certificate);
        WriteOwnerOnly(Path.Combine(Data, "server.key"), key);
        File.AppendAllText(Path.Combine(Data, "postgresql.conf"), "\ninclude 'godwit.conf'\n");
        WriteOwnerOnly(Path.Combine(Data, "godwit.conf"), "");
    }

    /// <summary>Before every start, because the port and the options may have changed. An existing file keeps its
    /// owner.</summary>
    public void WriteSettings(LocalClusterOptions options, IPAddress address, int port)
    {
        var text = new StringBuilder("# Written by Godwit before every start; edits are lost.\n");
        void Set(string name, string value) => text.Append(CultureInfo.InvariantCulture,
            $"{name} = '{value.Replace("'", "''", StringComparison.Ordinal)}'\n");
        Set("listen_addresses", address.ToString());
        Set("port", port.ToString(CultureInfo.InvariantCulture));
        Set("unix_socket_directories", SocketFolder ?? "");
        Set("ssl", options.HasTls ? "on" : "off");
        Set("password_encryption", "scram-sha-256");
        Set("max_connections", options.ConnectionsMax.ToString(CultureInfo.InvariantCulture));
        Set("timezone", "UTC");
        Set("log_timezone", "UTC");
        Set("lc_messages", "C");
        if (!options.Durable)
        {
            Set("fsync", "off");
            Set("full_page_writes", "off");
            Set("max_wal_size", WalMax);
        }

        foreach (var (name, value) in options.Settings)
            Set(name, value);
        File.WriteAllText(Path.Combine(Data, "godwit.conf"), text.ToString());
        var type = options.RequireTls ? "hostssl" : "host";
        File.WriteAllText(Path.Combine(Data, "pg_hba.conf"), $"""
            # Written by Godwit before every start; edits are lost.
            local all all scram-sha-256
            {type} all all {address}/{(address.GetAddressBytes().Length == 4 ? 32 : 128)} scram-sha-256

            """);
    }

    /// <summary>Removes the pid file of a zombie postmaster: a killed process that its parent has not reaped. It still
    /// answers to signals, so pg_ctl and postgres would take it for a live one; in a container without an init, for
    /// ever.</summary>
    public void ForgetDeadPostmaster()
    {
        if (!File.Exists(PidFile) || File.ReadLines(PidFile).FirstOrDefault() is not { } pid)
            return;
        var status = $"/proc/{pid.Trim()}/stat";
        // Third field, after the name in parentheses: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
        if (File.Exists(status) && File.ReadAllText(status) is var text
            && text[(text.LastIndexOf(')') + 1)..].TrimStart().StartsWith('Z'))
            File.Delete(PidFile);
    }

    public string LogSince(long offset)
    {
        if (!File.Exists(Log))
            return "";
        using var stream = new FileStream(Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        stream.Position = Math.Max(Math.Min(offset, stream.Length), stream.Length - LogTailBytesMax);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>Letters and digits need no escaping in URLs, shells and psql.</summary>
    public static Secret NewPassword() => new(RandomNumberGenerator.GetHexString(64, lowercase: true));

    private static void WriteOwnerOnly(string file, string text)
    {
        File.Delete(file);
        using var stream = new FileStream(file, new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnlyFile,
        });
        stream.Write(Encoding.UTF8.GetBytes(text));
    }
}
