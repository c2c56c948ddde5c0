namespace CarbonMarket.Bench;

/// <summary>The book the generator keeps so that it knows what can be cancelled: a queue of order numbers for each price.</summary>
internal sealed class NaiveLadder(int highest, int orders)
{
    private readonly Queue<int>?[] _queues = new Queue<int>?[highest + 2];
    private readonly int[] _quantities = new int[orders + 2];
    private readonly int[] _prices = new int[orders + 2];
    private readonly bool[] _buys = new bool[orders + 2];
    private readonly bool[] _living = new bool[orders + 2];
    private readonly int[] _bids = new int[highest + 2];
    private readonly int[] _asks = new int[highest + 2];

    public int BestBid { get; private set; }

    public int BestAsk { get; private set; } = highest + 1;

    public int Standing { get; private set; }

    /// <summary>Told of every order that leaves the book.</summary>
    public Action<int> Died { get; set; } = _ => { };

    public bool IsLiving(int order) => _living[order];

    public void Do(in Operation operation)
    {
        if (operation.Kind != 'C')
            Enter(operation);
        else if (_living[operation.OrderId])
            Leave(operation.OrderId);
    }

    private void Enter(in Operation order)
    {
        var left = order.Quantity;
        while (left > 0 && (order.Buy ? BestAsk <= Math.Min(order.Price, highest) : BestBid >= Math.Max(order.Price, 1)))
        {
            var queue = _queues[order.Buy ? BestAsk : BestBid]!;
            while (!_living[queue.Peek()])
                queue.Dequeue();
            var resting = queue.Peek();
            var traded = Math.Min(left, _quantities[resting]);
            left -= traded;
            _quantities[resting] -= traded;
            if (_quantities[resting] == 0)
                Leave(resting);
        }
        if (left > 0 && order.Kind == 'L')
            Rest(order, left);
    }

    private void Rest(in Operation order, int quantity)
    {
        (_quantities[order.OrderId], _prices[order.OrderId], _buys[order.OrderId], _living[order.OrderId]) = (quantity, order.Price, order.Buy, true);
        var counts = order.Buy ? _bids : _asks;
        if (counts[order.Price]++ == 0)
            _queues[order.Price] = new Queue<int>();
        _queues[order.Price]!.Enqueue(order.OrderId);
        Standing++;
        if (order.Buy)
            BestBid = Math.Max(BestBid, order.Price);
        else
            BestAsk = Math.Min(BestAsk, order.Price);
    }

    private void Leave(int order)
    {
        _living[order] = false;
        (_buys[order] ? _bids : _asks)[_prices[order]]--;
        Standing--;
        Died(order);
        while (BestBid > 0 && _bids[BestBid] == 0)
            BestBid--;
        while (BestAsk <= highest && _asks[BestAsk] == 0)
            BestAsk++;
    }
}
