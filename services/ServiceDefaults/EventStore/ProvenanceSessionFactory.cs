using CarbonMarket.Kernel;
using CarbonMarket.ServiceDefaults.Tracing;
using Marten;

namespace CarbonMarket.ServiceDefaults.EventStore;

/// <summary>Opens sessions whose events carry the provenance of the request or message they serve.</summary>
public sealed class ProvenanceSessionFactory(IDocumentStore store, ProvenanceContext provenance) : ISessionFactory
{
    public IQuerySession QuerySession() => store.QuerySession();

    public IDocumentSession OpenSession()
    {
        var session = store.LightweightSession();
        session.Carry(provenance.Current);
        return session;
    }
}

public static class SessionProvenance
{
    /// <summary>Stamps every event this session will append.</summary>
    public static void Carry(this IDocumentSession session, Provenance provenance)
    {
        session.CorrelationId = provenance.CorrelationId;
        session.CausationId = provenance.CausationId;
        session.SetHeader(ProvenanceContext.SubjectHeader, provenance.Actor.Subject);
        session.SetHeader(ProvenanceContext.ParticipantHeader, provenance.Actor.ParticipantId.ToString());
        session.SetHeader(ProvenanceContext.ClientHeader, provenance.Actor.ClientId);
    }
}
