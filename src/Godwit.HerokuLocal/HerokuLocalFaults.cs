using Godwit.Faults;

namespace Godwit.HerokuLocal;

internal static class HerokuLocalFaults
{
    public static Fault NotLoopback(string address) => new("heroku_local.not_loopback", FaultKind.Usage,
        What: $"Will not listen on {address}",
        Why: "heroku-local is for this machine only, and other machines can reach that address",
        Remedy: "Use 127.0.0.1.");

    public static Fault FolderUnreachable(string folder, string parent, string user) => new(
        "heroku_local.folder_unreachable", FaultKind.Refused,
        What: $"Cannot keep a PostgreSQL cluster in {folder}",
        Why: $"PostgreSQL refuses to run as root, so it runs as the user {user}, who may not pass through {parent}",
        Remedy: $"Choose a folder elsewhere, e.g. below /var/tmp, or let others pass through: chmod o+x {parent}");

    public static Fault FolderUnusable(string folder, string why) => new(
        "heroku_local.folder_unusable", FaultKind.Refused,
        What: $"Cannot use the folder {folder}",
        Why: why,
        Remedy: "Name a folder that you may write to, on a disk with a gigabyte to spare: godwit heroku-local "
            + "--data DIR.");

    public static Fault FolderInUse(string folder) => new("heroku_local.folder_in_use", FaultKind.Refused,
        What: $"Cannot use the PostgreSQL cluster in {folder}",
        Why: "another Godwit on this machine is using it now",
        Remedy: "Stop that one (godwit heroku-local --stop --data FOLDER), or choose another folder.");

    public static Fault FolderNotOurs(string folder) => new("heroku_local.folder_not_empty", FaultKind.Refused,
        What: $"Will not create a PostgreSQL cluster in {folder}",
        Why: "the folder holds files, but no cluster that Godwit created",
        Remedy: "Choose an empty or a new folder.");

    public static Fault ProgramFailed(string program, string why) => new(
        "heroku_local.cluster_failed", FaultKind.Broken,
        What: $"PostgreSQL's {program} failed",
        Why: why.Length == 0 ? "it did not say why" : why,
        Remedy: "Read the lines above. Usual causes are a full disk, missing permissions on the folder, or a port "
            + "in use.");

    public static Fault ProgramHung(string program, TimeSpan limit) => new(
        "heroku_local.cluster_hung", FaultKind.Broken,
        What: $"PostgreSQL's {program} did not finish in time",
        Why: $"its limit is {limit.TotalSeconds:0} s",
        Remedy: "Read postgres.log in the cluster's folder. Check whether the machine is out of memory or its disk "
            + "hangs.");

    public static Fault UnknownTrouble(string spec, string why) => new("heroku_local.fault_unknown", FaultKind.Usage,
        What: $"Cannot understand --fault {spec}",
        Why: why,
        Remedy: "Write TARGET:EFFECT[=VALUE][,OPTION=VALUE], e.g. restore:fails-after=2s or http:429,count=2. "
            + "docs/heroku-local.md lists them all.");

    public static Fault PortTaken(int port, string why) => new("heroku_local.port_taken", FaultKind.Refused,
        What: $"Cannot listen on port {port}",
        Why: why,
        Remedy: "Choose another with --port, or leave it out to get a free one.");

    public static Fault CannotAsk(int processId, string why) => new("heroku_local.not_stopped", FaultKind.Broken,
        What: $"Cannot stop the heroku-local that runs as process {processId}",
        Why: why,
        Remedy: $"End it with: kill {processId}");

    public static Fault TokenMissing(string file, string why) => new("heroku_local.token_missing", FaultKind.Usage,
        What: $"Cannot read a token from {file}",
        Why: why,
        Remedy: "Put any text into its first line, and let only you read the file. Or leave --token-file out: "
            + "Godwit then makes a token and keeps it in the data folder.");
}
