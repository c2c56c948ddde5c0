using Marten;

namespace CarbonMarket.Allocation.Installations;

/// <summary>
/// Where an installation is by the id that an official made. Before <see cref="Installation.StreamId"/> every one was in the stream
/// of that very id: those are found there, and none is added to them.
/// </summary>
internal static class InstallationStreams
{
    /// <summary>The stream of each installation, also of one that is still to be registered.</summary>
    public static async Task<Func<Guid, Guid>> StreamsOfInstallations(
        this IQuerySession session, IEnumerable<Guid> installationIds, CancellationToken cancellationToken)
    {
        Guid[] kept = [.. installationIds.Distinct().Where(id => Installation.StreamId(id) != id)];
        // Another one may be in the stream that an installation's id is asked for: it is found by its own id only.
        var before = kept.Length == 0
            ? []
            : (await session.LoadManyAsync<Installation>(cancellationToken, kept)).Where(unit => unit.InstallationId == unit.Id).Select(unit => unit.Id).ToHashSet();
        return installationId => before.Contains(installationId) ? installationId : Installation.StreamId(installationId);
    }

    /// <summary>Null: there is none, in any market.</summary>
    public static async Task<Installation?> FindInstallation(this IQuerySession session, Guid installationId, CancellationToken cancellationToken) =>
        await session.LoadAsync<Installation>((await session.StreamsOfInstallations([installationId], cancellationToken))(installationId), cancellationToken);
}
