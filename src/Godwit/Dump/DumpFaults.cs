using Godwit.Faults;
using Godwit.Postgres;

namespace Godwit.Dump;

internal static class DumpFaults
{
    /// <param name="waited">For example <c>1 minute</c>.</param>
    public static Fault TableLocked(string table, string waited) => new("dump.table_locked", FaultKind.Transient,
        What: $"Cannot dump {table}",
        Why: "another session has held, or waited for, an exclusive lock on it or on an index of it "
            + $"for {waited}",
        Remedy: "Find that session: SELECT a.pid, l.relation::regclass, l.granted, a.state, a.query FROM "
            + "pg_locks l JOIN pg_stat_activity a USING (pid) WHERE l.mode = 'AccessExclusiveLock'; wait for it or "
            + "end it, then run the command again, or give it more time: --lock-wait 30m.");

    public static Fault WorkerLost(string table, string why) => new("dump.worker_lost", FaultKind.Transient,
        What: $"The dump lost its connection while it read {table}",
        Why: $"{why}; a lost snapshot cannot be used again, so the whole dump failed",
        Remedy: "Check that the source still runs and that nobody ends its sessions, then run the command again. "
            + "Nothing was left in the store.");

    public static Fault Unreadable(string table, string why) => new("dump.unreadable", FaultKind.Broken,
        What: $"Cannot read {table}",
        Why: why,
        Remedy: "Fix the cause that the server names, then run the command again. Nothing was left in the store.");

    public static Fault NoSuchCompression(string compression, string program) => new("dump.no_compression",
        FaultKind.Refused,
        What: $"Cannot compress with {compression}",
        Why: $"{program} is to dump, and it knows gzip only",
        Remedy: "Leave out --engine pg_dump, or leave out --compress for gzip. An older standby is always read by "
            + "pg_dump: there, dump with gzip, or dump the primary.");

    public static Fault StillThere(string store, string key) => new("dump.still_there", FaultKind.Broken,
        What: $"Cannot remove the dump from {store}",
        Why: $"{key} was deleted, but the store still shows it",
        Remedy: "Delete it by hand: it holds all your data. If the bucket keeps versions, delete those too.");

    public static Fault NoName(string text) => new("dump.no_name", FaultKind.Usage,
        What: $"The address '{text}' does not name an archive",
        Why: "it names only a bucket or a folder",
        Remedy: "Name the object too, for example --to s3://my-bucket/dumps/shop.dump. A path is a file, and - is "
            + "standard output.");

    public static Fault NoPlace(string scheme) => new("dump.no_place", FaultKind.Usage,
        What: $"An archive cannot be at a '{scheme}:' address",
        Why: "it is an object in a store, a file, or goes through a pipe",
        Remedy: "Name an object of a store (s3://BUCKET/PREFIX/NAME, "
            + "azblob://ACCOUNT/CONTAINER/NAME, gs://BUCKET/NAME, disk:FOLDER/NAME), ./shop.dump, or - for a pipe; "
            + "a file whose name has a colon is ./NAME. "
            + "To migrate a database to Heroku: godwit migrate --from env:SOURCE_URL --to heroku:APP.");

    public static Fault NotAFile(string path, string why) => new("dump.not_a_file", FaultKind.Usage,
        What: $"Cannot write to {path}",
        Why: why,
        Remedy: "Name a file, for example --to ./shop.dump. To send the archive somewhere else, write it to "
            + "standard output: --to - > PLACE.");

    public static Fault NoFolder(string path) => new("dump.no_folder", FaultKind.Refused,
        What: $"Cannot write to {path}",
        Why: "the folder of this file does not exist",
        Remedy: "Check the spelling of --to, or make the folder: mkdir -p \"$(dirname FILE)\"");

    public static Fault AlreadyThere(string name, long sizeBytes) => new("dump.already_there", FaultKind.Refused,
        What: $"Cannot write to {name}",
        Why: $"it already exists, with {ServerCatalog.Number(sizeBytes)} bytes, and may be the only copy",
        Remedy: "Choose another name, or replace it with --overwrite: it is kept until the new one is complete.");

    public static Fault StorePublic(string store, string why) => new("dump.store_public", FaultKind.Refused,
        What: $"Everybody can read {store}",
        Why: $"{why}; the whole database would be public there for as long as the dump exists",
        Remedy: "Use another bucket, or block all public access to this one, if the service has such a switch. "
            + "If everybody may have the data, add --accept assess.store_public. To block public access on AWS: "
            + "aws s3api put-public-access-block --bucket BUCKET --public-access-block-configuration "
            + "BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true");

    public static Fault OutputClosed(string why) => new("dump.output_closed", FaultKind.Broken,
        What: "Cannot write any more to standard output",
        Why: $"it takes no more data ({why})",
        Remedy: "Check what the program behind the pipe reports, and whether its disk is full. Then run the command "
            + "again.");

    public static Fault HalfWritten(long bytes) => new("dump.half_written", FaultKind.Broken,
        What: "Standard output got only part of an archive",
        Why: $"{ServerCatalog.Number(bytes)} bytes were written before the dump failed, and cannot be taken back",
        Remedy: "Delete the result: it is not a complete archive. In a script, `set -o pipefail` detects this.");

    public static Fault PartsLeft(string name, string why) => new("dump.parts_left", FaultKind.Broken,
        What: $"Parts of the unfinished archive may be left at {name}",
        Why: $"they could not be removed: {why}",
        Remedy: "The next dump with the same name removes them first. To remove them by hand in S3: aws s3api "
            + "list-multipart-uploads and abort-multipart-upload. No reader sees them, but they hold data and cost "
            + "money.");

    public static Fault Stopped(string name) => new("dump.stopped", FaultKind.Refused,
        What: $"The dump to {name} was stopped",
        Why: "you, or the system, asked Godwit to stop",
        Remedy: "Run the command again to start over. A dump cannot be resumed, because its snapshot ends with it.");

    public static Fault Unexpected(Unforeseen met) => new("dump.unexpected", FaultKind.Broken,
        What: "The dump failed with an error Godwit does not know",
        Why: $"{met.Type}: {met.Message}",
        Remedy: $"Try PostgreSQL's own pg_dump: --engine pg_dump. Report this error. {met.WhatToSend}");
}
