package gazette

func chineseTopics() map[string]string {
	return map[string]string{
		"科技": chineseTechnology,
		"国际": chineseWorld,
		"财经": chineseBusiness,
		"文化": chineseCulture,
	}
}

// chineseCommon holds what stories of every topic share.
const chineseCommon = `
# surname
沈
顾
陆
孟
许
程
叶
韩
方
秦
苏
白
唐
温
罗
郑
# given
知远
清和
望舒
明溪
若谷
怀瑾
云舟
嘉树
映雪
思齐
听澜
守拙
# person
{+surname}{+given}
# author
{+surname}{+given}
# place
临江
青石
白鹭湾
松口
长堤
云岭
望海
南浦
柳溪
石塘
枫桥里
沙洲
燕矶
半月岛
竹溪
旧港
# weekday
周一
周二
周三
周四
周五
周六
# small
三
四
五
六
七
九
# percent
4
7
9
12
15
18
23
# correction
更正：本文此前将日期误写，应为{weekday}。
更新：文末补充了{place}方面的答复。
# body
接受采访的人都没有料到进展会这么快。
这个决定自春天以来已经推迟了{+small}次。
两位知情人士证实了大致的方案，但没有透露时间。
邻近的{+place}也试过类似的办法，效果不一。
月底之前不会再有新的表决。
到目前为止，花费比预算低了百分之{percent}。
批评者认为，这组数字没有算上冬季。
支持者则回应，再等一年代价只会更高。
纸面上是小小的改动，做起来却是一件大事。
第一批结果预计在{+small}周后公布。
年底之前还将进行一次独立评估。
对{place}的大多数人来说，眼下的变化并不明显。
这个想法并不新鲜，几十年前就有人试过，后来搁下了。
截至发稿，{+weekday}发出的询问尚未得到答复。
在场的人说，屋子里先是一静，随后掌声响了很久。
相关材料共三百余页，大半是表格。
# quote
“量两次，吵一次，顺序不能反。”{+person}说。
“在这里行得通，换个地方就更行得通。”{+person}这样评价。
“宁可慢一点，也要稳一点。”做了{+small}年这一行的{+person}说。
“这不是奇迹，是日复一日的维护。”{+person}说。
“大家想的是同一件事，只是没人先开口。”{+person}笑着说。
# subhead
接下来会怎样
来龙去脉
往远处看
为什么重要
疑问仍在
# closing
下一份报告将在入夏前公布。
在那之前，每个{+weekday}下午照常开放。
下一次会议定在{+weekday}。
完整的数据见附录。
至少在{place}，没有人着急。
够不够，时间会给出答案。
`

const chineseTechnology = `
# headline
{maker}宣布开源{thing}
{thing}瘦身：内存占用下降百分之{percent}
{place}换上{thing}，市民几乎没有察觉
沉睡{+small}年的漏洞，被一名学生找到
{+small}个志愿者如何撑起{thing}
{maker}为什么扔掉了缓存
硬币大小的机器跑起了{thing}
告别密码：{place}电车公司的新办法
一次停电{+small}小时之后，{maker}改了什么
{place}的学生重写了{thing}
老机器的第二春：{place}的{thing}
# maker
榫卯软件
竹筏实验室
灯芯科技
拾穗基金会
木铎计算
# thing
离线地图
轮渡时刻引擎
图书目录系统
路灯控制器
社区气象网
消息队列
文本编辑器
# lead
{maker}{weekday}宣布，{thing}将对所有人开放，可以阅读、运行和修改。
{place}的那次断线没有人察觉，这才是意外之处。
说明书只有一本，锁在{place}的抽屉里；现在有两本了。
讲座只讲了{+small}十分钟，提问却一直问到熄灯。
{place}的工程师花了{+small}个月，解决一个大多数人从未注意到的问题。
新版{thing}做的事比旧版少，而这正是用意所在。
起初只是{place}的一次周末抢修，如今成了{maker}的日常做法。
# fact
这次改动删去约一万一千行代码，新增四百行。
在{+small}台普通机器上的测试显示，启动时间从数秒降到一眨眼。
旧设计把每样东西存{+small}份，新设计只存一份，外加一个校验和。
作者指出，测试代码比程序本身还长。
未经主人同意，数据不会离开机器。
所用的硬件，是学校准备淘汰的那一批。
# caption
{place}山上的第一座中继站
# tag
开源
网络
硬件
数据库
隐私
`

const chineseWorld = `
# headline
{place}与{other}签署轮渡协定
停运{+small}年，开往{place}的夜车回来了
{place}表决：集市广场不通汽车
风暴从{place}以北经过，抢修已经开始
{other}的边境哨所改成图书馆
{place}向所有人开放档案
{place}与{other}恢复水源会谈
{other}最后一位守塔人交出钥匙
{place}清点树木，比十年前多出百分之{percent}
迟到{+small}十年的桥，在{place}合龙
{other}渔民争回早季渔期
# other
瓦雷
卢斯肯
托敏角
奥德松
卡斯特尔
佩沃岛
# lead
{place}和{other}的代表谈了{+small}个晚上，最后写成一页纸。
{other}的来信{weekday}送到，比所有人盼望的都短。
{place}的人早已不问什么时候，消息传来时正是午饭时分。
{other}码头上有{+small}位老人打赌不成，如今都认了输。
{weekday}正午钟声响起，不到一小时广场上已站满了人。
去年春天的洪水过后，{place}答应换一种方式重建，本周终于动工。
往来{+small}个月的信函之后，双方在海边走了一程，事情就定了。
# fact
投票率比上一次高出{percent}个百分点。
这条线路每天对开{+small}班，其中一班挂卧铺车厢。
受影响的约有{+small}百户人家，多数住在水边。
协定自签署次月一日起生效。
{other}的店铺当天歇业以示支持。
双方观察员都认为计票公正。
# caption
{place}的清晨
从{place}通往{other}的路
# tag
外交
城市
交通
选举
河流
`

const chineseBusiness = `
# headline
{firm}上调全年预期，{place}订单增长百分之{percent}
{place}丰收，粮价回落
{firm}新厂落户{place}
{firm}员工持股升至百分之{percent}
{place}港迎来最忙的春天
{firm}提前{+small}年还清贷款
{place}的小店合伙买下了铺面
{firm}为什么不再看季度数字
铜价在紧张的{+small}天后企稳
只开{+small}家店的面包房
保险公司请{place}重画洪水地图
# firm
海丹磨坊
码头货运
果园兄弟
潭柏玻璃
四风航运
石塘银行
# lead
{firm}{weekday}表示，订单增加了百分之{percent}，大多来自{place}。
{firm}还没开门，门口已经排起了队。
数字{weekday}早上公布，到中午，{place}的茶馆已经议论了一遍。
一张桌子两边的人都笑着离开，这样的事并不多见。
一百年来{firm}的账只用一本，今年要用第二本了。
来自{place}的数字，这一次朝好的方向出人意料。
合同只有{+small}页，双方都说够了。
# fact
上半年收入增长百分之{percent}，成本涨幅不到一半。
订单已经排到{+small}个月之后，为有记录以来最长。
开春起，工资将按双方商定的公式随物价调整。
从{place}发出的运费已连续{+small}周下降。
董事会建议今年不分红，先修屋顶。
此前分析人士普遍预计会下滑。
# caption
{place}早班前的货场
# tag
市场
贸易
就业
收成
航运
`

const chineseCulture = `
# headline
{artist}失传的四重奏在{place}重新响起
同一棵树，{artist}画了{+small}年
{place}剧院重开，首演一出没人看过的戏
评{work}：安静的胜利
{work}获石塘文学奖
{+small}间屋子讲一个故事：{place}新馆开放
{artist}为什么开着窗写作
{place}的书店老板，什么书都肯借
{work}：一部关于等待的电影
琴凳里发现{artist}的书信
广播剧节挤满了{place}
长夜将至，{place}的合唱团聚到一起
# artist
梁晚照
顾停云
宋听雨
齐远山
周半夏
江问渠
# work
《锡果园》
《十一扇窗》
《细雨地图》
《路上的盐》
《替角的冬天》
《白鹭所见》
# lead
{weekday}，{place}的灯暗下来，有那么一会儿，没有人咳嗽。
{artist}从不接受采访，这一次也没有。
海报{weekday}贴出，傍晚就被人揭回家作了纪念。
{place}的那架钢琴锁了{+small}年，有人找到了钥匙。
故事从一扇关不上的门开始，此后再没有放开过观众。
有的作品敲锣打鼓地来，{work}走的是侧门。
展厅里是清漆和雨水的味道，{artist}大概正想要这样。
# fact
本季门票已经售罄，每晚另留{+small}个座位。
手稿是在书架背后找到的，装在一只写着“纽扣”的盒子里。
演出比预告长了{+small}分钟，没有人介意。
{place}的礼堂有四百个座位，当初只为一半的人而建。
{artist}用{+small}周写完，又等了{+small}年。
每逢{weekday}晚上免费入场。
# caption
{artist}画得最多的那片风景
{place}老剧院的傍晚
# tag
读书
戏剧
音乐
绘画
电影
`
