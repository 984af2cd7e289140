namespace Godwit.Postgres;

/// <summary>A result column of a statement.</summary>
/// <param name="Type">PostgreSQL's name of the type.</param>
/// <param name="TypeOid">The type's OID; for a domain, that of its base type.</param>
public sealed record ResultColumn(string Name, string Type, uint TypeOid);
