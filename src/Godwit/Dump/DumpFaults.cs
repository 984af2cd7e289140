using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Dump;

internal static class DumpFaults
{
    /// <param name="waited">For example <c>1 minute</c>.</param>
    public static Fault TableLocked(string table, string waited) => new("dump.table_locked", FaultKind.Transient,
        What: $"Cannot dump {table}",
        Why: "another session holds or waits for an exclusive lock on it or on an index of it, and did not give up "
            + $"within {waited}",
        Remedy: "See who, and what for: SELECT a.pid, l.relation::regclass, l.granted, a.state, a.query FROM "
            + "pg_locks l JOIN pg_stat_activity a USING (pid) WHERE l.mode = 'AccessExclusiveLock'; wait for it or "
            + "end it, then run the command again, or give it more time: --lock-wait 30m.");

    public static Fault WorkerLost(string table, string why) => new("dump.worker_lost", FaultKind.Transient,
        What: $"The dump lost its connection while it read {table}",
        Why: $"{why}; a snapshot cannot be taken up again, so the whole dump is void",
        Remedy: "Nothing was left in the store. See that the source still runs and nobody ends its sessions, then "
            + "run the command again.");

    public static Fault Unreadable(string table, string why) => new("dump.unreadable", FaultKind.Broken,
        What: $"Cannot read {table}",
        Why: why,
        Remedy: "Nothing was left in the store. Remove the cause the server names, then run the command again.");

    public static Fault StillThere(string store, string key) => new("dump.still_there", FaultKind.Broken,
        What: $"Cannot remove the dump from {store}",
        Why: $"{key} was deleted, and the store still shows it",
        Remedy: "Delete it by hand: it holds all your data. If the bucket keeps versions, delete those too.");

    public static Fault NoName(string text) => new("dump.no_name", FaultKind.Usage,
        What: $"Cannot tell from '{text}' what the archive shall be called",
        Why: "it names a bucket or a folder, and nothing in it",
        Remedy: "Name the object too, for example --to s3://my-bucket/dumps/shop.dump. A path is a file, and - is "
            + "standard output.");

    public static Fault NoPlace(string scheme) => new("dump.no_place", FaultKind.Usage,
        What: $"An archive does not lie at a '{scheme}:' address",
        Why: "it lies in a bucket, in a folder, in a file, or goes through a pipe",
        Remedy: "Name an object of a store (s3://BUCKET/PREFIX/NAME, "
            + "azblob://ACCOUNT/CONTAINER/NAME, gs://BUCKET/NAME, disk:FOLDER/NAME), ./shop.dump, or - for a pipe; "
            + "a file whose name has a colon is ./NAME. "
            + "To bring a database to Heroku: godwit migrate --from env:SOURCE_URL --to heroku:APP.");

    public static Fault NotAFile(string path, string why) => new("dump.not_a_file", FaultKind.Usage,
        What: $"Cannot write to {path}",
        Why: why,
        Remedy: "Name a file, for example --to ./shop.dump. To send the archive somewhere else, write it to "
            + "standard output: --to - > PLACE.");

    public static Fault NoFolder(string path) => new("dump.no_folder", FaultKind.Refused,
        What: $"Cannot write to {path}",
        Why: "the folder it would lie in does not exist",
        Remedy: "Check the spelling of --to, or make the folder: mkdir -p \"$(dirname FILE)\"");

    public static Fault AlreadyThere(string name, long sizeBytes) => new("dump.already_there", FaultKind.Refused,
        What: $"Cannot write to {name}",
        Why: $"something of {ServerCatalog.Number(sizeBytes)} bytes has that name already, and it may be the only copy",
        Remedy: "Choose another name. To replace it, add --overwrite: it stays as it is until the new one is whole.");

    public static Fault StorePublic(string store, string why) => new("dump.store_public", FaultKind.Refused,
        What: $"Everybody can read {store}",
        Why: $"{why}; the whole database would lie there, for as long as the dump does",
        Remedy: "Use another bucket, or close this one: "
            + "block all public access to it, where the service has such a switch. "
            + "If everybody may have what is in it, add --accept assess.store_public. To close one on AWS: "
            + "aws s3api put-public-access-block --bucket BUCKET --public-access-block-configuration "
            + "BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true");

    public static Fault OutputClosed(string why) => new("dump.output_closed", FaultKind.Broken,
        What: "Cannot go on writing to standard output",
        Why: $"it takes no more ({why})",
        Remedy: "See what the program behind the pipe said, or whether its disk is full. Then run the command again.");

    public static Fault HalfWritten(long bytes) => new("dump.half_written", FaultKind.Broken,
        What: "Standard output got a part of an archive",
        Why: $"{ServerCatalog.Number(bytes)} bytes had been written when it failed, and they cannot be taken back",
        Remedy: "Throw away what was made of them: it is not a whole archive. In a script, `set -o pipefail` "
            + "notices this.");

    public static Fault PartsLeft(string name, string why) => new("dump.parts_left", FaultKind.Broken,
        What: $"Parts of the unfinished archive may be left at {name}",
        Why: $"they could not be removed: {why}",
        Remedy: "No reader sees them, but they hold data and cost money. The next one of the same name removes them "
            + "first. By hand in S3: aws s3api list-multipart-uploads and abort-multipart-upload.");

    public static Fault Stopped(string name) => new("dump.stopped", FaultKind.Refused,
        What: $"The dump to {name} was stopped",
        Why: "you, or the system, asked Godwit to stop",
        Remedy: "A snapshot ends with its dump, so there is nothing to go on with. Run the command again when you "
            + "want to.");

    public static Fault Unexpected(Unforeseen met) => new("dump.unexpected", FaultKind.Broken,
        What: "The dump failed in a way Godwit does not know",
        Why: $"{met.Type}: {met.Message}",
        Remedy: $"Stock pg_dump may do meanwhile: --engine pg_dump. Please report it. {met.WhatToSend}");
}
