using System.Collections.Immutable;

namespace CarbonMarket.Audit.Proof;

/// <summary>Whether the log is whole.</summary>
/// <param name="Services">One entry for each service, by its name.</param>
/// <param name="Events">Entries of all services.</param>
/// <param name="Verified">
/// Every stream of every service is gap-free, every chain is valid, and the log holds exactly what the stores hold.
/// </param>
public sealed record AuditSummary(IReadOnlyList<AuditedService> Services, long Events, bool Verified)
{
    /// <param name="before">What the stores held before the proof began, by service; null: no answer.</param>
    /// <param name="after">The same when it had ended: a busy store grows meanwhile.</param>
    public static AuditSummary Of(
        IReadOnlyList<ServiceProof> proofs, IReadOnlyDictionary<string, long?> before, IReadOnlyDictionary<string, long?> after)
    {
        ImmutableArray<AuditedService> services = [.. proofs.Select(proof => proof.Service).Union(after.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(service => AuditedService.Of(
                proofs.FirstOrDefault(proof => proof.Service == service) ?? ServiceProof.Nothing(service),
                before.GetValueOrDefault(service), after.GetValueOrDefault(service)))];
        return new AuditSummary(services, services.Sum(service => service.Events),
            services.All(service => service is { GapFree: true, ChainValid: true, Complete: true }));
    }
}

/// <param name="Service">The service whose events these are.</param>
/// <param name="Events">Entries held.</param>
/// <param name="InStore">Events the service says its store holds; null when it does not answer.</param>
/// <param name="LastSequence">Highest position in the service's own store among the entries.</param>
/// <param name="Streams">How many streams they belong to.</param>
/// <param name="GapFree">Every stream runs from 1 to its highest version without a gap.</param>
/// <param name="ChainValid">Every entry has the digest and the link it was given, and the chain ends where it did.</param>
/// <param name="Complete">
/// The log holds as many events as the store. False also while some are on their way, so ask again; null when the store's
/// count is unknown.
/// </param>
public sealed record AuditedService(
    string Service, long Events, long? InStore, long LastSequence, long Streams, bool GapFree, bool ChainValid, bool? Complete)
{
    public static AuditedService Of(ServiceProof proof, long? before, long? after) => new(
        proof.Service, proof.Events, after, proof.LastSequence, proof.Streams, proof.GapFree, proof.ChainValid,
        (before, after) is ({ } least, { } most) ? proof.Events >= least && proof.Events <= most : null);
}
